using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Publishing;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Publishing;

/// <summary>What <c>dotnet publish -t:PublishContainer</c> would build is what the deployment files run.</summary>
public sealed class ContainerImageTests
{
    [Theory]
    [InlineData("Ticketing.Orders", "8080")]
    [InlineData("Ticketing.DatabaseSetup", null)]
    public async Task Images_are_named_and_confined_as_the_publishers_count_on(string project, string? port)
    {
        using var application = new TestApplication();
        var resource = application.Builder.AddProject("any", $"../{project}/{project}.csproj", launchProfileName: null).Resource;

        var (exitCode, output) = await PublishedAppHost.RunAsync("dotnet", "msbuild", resource.ProjectPath,
            "-getProperty:ContainerRepository", "-getProperty:ContainerUser", "-getProperty:ContainerBaseImage", "-getItem:ContainerPort");

        exitCode.ShouldBe(0, output);
        var image = JsonNode.Parse(output)!;
        image["Properties"]!["ContainerRepository"]!.GetValue<string>().ShouldBe(Workload.RepositoryOf(resource));
        image["Properties"]!["ContainerUser"]!.GetValue<string>().ShouldBe($"{ServiceImage.User}");
        image["Properties"]!["ContainerBaseImage"]!.GetValue<string>().ShouldEndWith("-chiseled");
        image["Items"]!["ContainerPort"]!.AsArray().FirstOrDefault()?["Identity"]!.GetValue<string>().ShouldBe(port);
    }
}
