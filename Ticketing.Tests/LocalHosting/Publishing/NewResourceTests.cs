using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Publishing;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Publishing;

/// <summary>What is added to the model in three lines is in every published form, without another change.</summary>
public sealed class NewResourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ticketing-new-resource-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_new_service_and_a_new_server_are_published_everywhere()
    {
        using var application = new TestApplication("--publisher", "any", $"--output-path={folder}");
        var builder = application.Builder;
        var cache = builder.AddRedis("cache");
        builder.AddProject("gifts", "../Ticketing.Gifts/Ticketing.Gifts.csproj", launchProfileName: null)
            .WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(cache).WaitFor(cache);

        foreach (var publisher in (string[])["manifest", "docker-compose", "kubernetes"])
        {
            builder.Configuration["output-path"] = Path.Combine(folder, publisher);
            Publishers.Publish(publisher, application.Model);
        }

        var manifest = JsonNode.Parse(Read("manifest/aspire-manifest.json"))!["resources"]!;
        manifest["gifts"]!["env"]!["ConnectionStrings__cache"]!.GetValue<string>().ShouldBe("{cache.connectionString}");
        manifest["cache"]!["type"]!.GetValue<string>().ShouldBe("container.v0");

        var compose = PublishedAppHost.Documents(Read("docker-compose/docker-compose.yaml")).Single();
        compose.Text("services/gifts/image").ShouldBe("${REGISTRY:-}ticketing/gifts:${TAG:-latest}");
        compose.Text("services/gifts/environment/ConnectionStrings__cache").ShouldBe("cache:6379,password=${CACHE_PASSWORD:?run ./prepare.sh}");
        compose.Texts("services/gifts/networks").ShouldBe(["gifts--cache"]);
        compose.Text("services/gifts/depends_on/cache/condition").ShouldBe("service_healthy");

        var objects = PublishedAppHost.Documents(Read("kubernetes/base/gifts.yaml")).ToList();
        objects.Select(item => item.Text("kind")).ShouldBe(["Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler", "NetworkPolicy"]);
        PublishedAppHost.Documents(Read("kubernetes/base/kustomization.yaml")).Single().Texts("resources").ShouldContain("gifts.yaml");
        PublishedAppHost.Documents(Read("kubernetes/base/cache.yaml")).First().Text("kind").ShouldBe("StatefulSet");
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(folder, file));
}
