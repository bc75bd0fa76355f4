using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Deployment;

/// <summary>What <c>dotnet publish -t:PublishContainer</c> would build is what the deployment files run.</summary>
public sealed class ContainerImageTests
{
    [Fact]
    public async Task A_service_becomes_the_image_that_the_deployment_files_name_and_confine()
    {
        var compose = Yaml.Documents(await File.ReadAllTextAsync(DeployFolder.PathOf("compose", "compose.yaml"), TestContext.Current.CancellationToken)).Single();
        var orders = compose.At("services/orders")!;
        var project = Path.Combine(TestFiles.Root, "Ticketing.Orders", "Ticketing.Orders.csproj");

        var (exitCode, output) = await DeployFolder.RunAsync("dotnet", "msbuild", project,
            "-getProperty:ContainerRepository", "-getProperty:ContainerUser", "-getProperty:ContainerBaseImage", "-getItem:ContainerPort");

        exitCode.ShouldBe(0, output);
        var image = JsonNode.Parse(output)!;
        orders.Text("image").ShouldBe($"${{REGISTRY:-}}{image["Properties"]!["ContainerRepository"]}:${{TAG:-latest}}");
        orders.Text("user").ShouldBe($"{image["Properties"]!["ContainerUser"]}:{image["Properties"]!["ContainerUser"]}");
        image["Properties"]!["ContainerBaseImage"]!.GetValue<string>().ShouldEndWith("-chiseled");
        image["Items"]!["ContainerPort"]!.AsArray().Single()!["Identity"]!.GetValue<string>().ShouldBe(orders.Text("environment/HTTP_PORTS"));
    }
}
