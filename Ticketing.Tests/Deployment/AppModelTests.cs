using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.Deployment;

/// <summary>
/// The AppHost says what runs; Compose and Kubernetes are kept by hand and must not fall behind it. What they say otherwise on
/// purpose is in <see cref="Meant"/>.
/// </summary>
public sealed class AppModelTests : IAsyncLifetime
{
    private static readonly string[] Databases = ["auth", "tickets", "orders", "payments"];

    /// <summary>Every difference that is meant, where, and why.</summary>
    private static readonly (string Where, string Difference, string Reason)[] Meant =
    [
        .. Databases.SelectMany(name => ((string, string, string)[])
        [
            ("both", $"{name}-migrations is added", "a job migrates as the database's owner; azd has no jobs, so there the service does it itself"),
            ("both", $"{name}: Migrations__AtStart is added", "the service waits for that job"),
            ("both", $"database-setup: RUNTIME_PASSWORD_{name} is added", "and has a role that can change rows and nothing else"),
        ]),
        ("both", "database-setup: KEEP_RUNNING is missing", "it ends as a job; only azd starts again whatever ends"),
        ("kubernetes", "rabbitmq: RABBITMQ_USE_LONGNAME is added", "nodes of a cluster are named by their pods"),
        ("kubernetes", "rabbitmq: RABBITMQ_NODENAME is added", "nodes of a cluster are named by their pods"),
        ("kubernetes", "rabbitmq: RABBITMQ_ERLANG_COOKIE is added", "and know each other by it"),
    ];

    private Dictionary<string, DeployedResource> model = [];

    public async ValueTask InitializeAsync()
    {
        using var folder = new TemporaryFolder();
        model = DeployedModel.OfManifest(await DeployFolder.ManifestAsync(folder.Path));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Compose_runs_what_the_AppHost_says_with_the_same_settings() =>
        DeployedModel.Differences(model, DeployedModel.OfCompose(Compose())).ShouldBe(MeantIn("compose"), ignoreOrder: true);

    [Fact]
    public void Kubernetes_runs_what_the_AppHost_says_with_the_same_settings() =>
        DeployedModel.Differences(model, DeployedModel.OfKubernetes(Kubernetes())).ShouldBe(MeantIn("kubernetes"), ignoreOrder: true);

    [Fact]
    public void What_Compose_lacks_adds_or_says_otherwise_is_found()
    {
        var compose = Compose();
        Map(compose, "services").Children.Remove(new YamlScalarNode("expiration"));
        Map(compose, "services").Add("gifts", new YamlMappingNode("image", "ticketing/gifts"));
        Map(compose, "services/orders/environment").Children.Remove(new YamlScalarNode("Orders__HoldSeconds"));
        Map(compose, "services/payments/environment").Children[new YamlScalarNode("Stripe__BaseAddress")] = "http://localhost:1";
        Map(compose, "services/web/environment").Add("Site__Colour", "blue");
        Map(compose, "services/postgres").Children[new YamlScalarNode("image")] = "docker.io/library/postgres:18";

        DeployedModel.Differences(model, DeployedModel.OfCompose(compose)).Except(MeantIn("compose")).ShouldBe(
            [
                "expiration is missing", "gifts is added", "orders: Orders__HoldSeconds is missing", "payments: Stripe__BaseAddress is http://localhost:1",
                "web: Site__Colour is added", "postgres runs docker.io/library/postgres:18",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void What_Kubernetes_lacks_is_found()
    {
        var objects = Kubernetes();
        objects.RemoveAll(item => item.Text("kind") == "Deployment" && item.Text("metadata/name") == "expiration");
        var orders = objects.Single(item => item.Text("kind") == "Deployment" && item.Text("metadata/name") == "orders");
        var environment = (YamlSequenceNode)orders.At("spec/template/spec/containers/0/env")!;
        environment.Children.Remove(environment.Single(variable => variable.Text("name") == "Orders__HoldSeconds"));

        DeployedModel.Differences(model, DeployedModel.OfKubernetes(objects)).Except(MeantIn("kubernetes"))
            .ShouldBe(["expiration is missing", "orders: Orders__HoldSeconds is missing"], ignoreOrder: true);
    }

    private static IEnumerable<string> MeantIn(string where) => Meant.Where(difference => difference.Where is "both" || difference.Where == where)
        .Select(difference => difference.Difference);

    private static YamlMappingNode Compose() => Yaml.Documents(File.ReadAllText(DeployFolder.PathOf("compose", "compose.yaml"))).Single();

    private static List<YamlMappingNode> Kubernetes() =>
        [.. Directory.GetFiles(DeployFolder.PathOf("kubernetes", "base"), "*.yaml").SelectMany(file => Yaml.Documents(File.ReadAllText(file)))];

    private static YamlMappingNode Map(YamlMappingNode node, string path) => (YamlMappingNode)node.At(path)!;
}
