using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Publishing.Manifest;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Publishing;

/// <summary>The deployment manifest of the real AppHost, as azd asks for it.</summary>
public sealed partial class ManifestTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("ticketing-manifest-").FullName;

    private JsonObject Resources => Manifest["resources"]!.AsObject();

    private JsonObject Manifest { get; set; } = [];

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output) = await PublishedAppHost.PublishAsync("--publisher", "manifest", "--output-path", folder);
        exitCode.ShouldBe(0, output);
        Manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "aspire-manifest.json")))!.AsObject();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_is_valid_by_the_schema_of_manifests()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "aspire-8.0.schema.json");
        var schema = new JsonSchema(JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject());
        schema.Errors(Manifest).ShouldBeEmpty();

        // The control: what is wrong is found.
        Resources["web"]!["bindings"]!["http"]!["protocol"] = "carrier pigeon";
        Resources["orders"]!.AsObject().Remove("path");
        schema.Errors(Manifest).Count.ShouldBe(2);
    }

    [Fact]
    public void Every_expression_in_it_leads_to_something()
    {
        var broken = Strings(Manifest).SelectMany(text => Expression().Matches(text.Replace("{{", "", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal)))
            .Select(match => match.Groups[1].Value).Distinct().Where(expression => !Resolves(expression)).ToList();
        broken.ShouldBeEmpty();
        Resolves("nobody.connectionString").ShouldBeFalse();
        Resolves("web.bindings.tcp.url").ShouldBeFalse();
    }

    [Fact]
    public void Azd_can_deploy_it()
    {
        Manifest.Select(part => part.Key).ShouldBe(["resources"]);
        foreach (var (name, resource) in Resources)
        {
            foreach (var (_, binding) in resource!["bindings"]?.AsObject() ?? [])
            {
                var transport = binding!["transport"]!.GetValue<string>();
                (transport == "tcp" && binding["external"] is not null).ShouldBeFalse($"{name}: no external TCP");
                (transport == "tcp" && binding["targetPort"] is null).ShouldBeFalse($"{name}: tcp needs a target port");
                (binding["port"]?.GetValue<int>() is not (null or 80 or 443)).ShouldBeFalse($"{name}: the main port is 80 or 443");
            }
            if (resource["type"]!.GetValue<string>() == "project.v0")
                File.Exists(Path.GetFullPath(resource["path"]!.GetValue<string>(), folder)).ShouldBeTrue(name);
        }
        Resources.Where(resource => resource.Value!["bindings"]?["http"]?["external"] is not null).Select(resource => resource.Key).ShouldBe(["web"]);
    }

    [Fact]
    public void The_whole_platform_is_in_it_without_the_sandbox_and_without_a_secret()
    {
        string[] projects = ["auth", "database-setup", "expiration", "orders", "payments", "tickets", "web"];
        Resources.Where(resource => resource.Value!["type"]!.GetValue<string>() == "project.v0").Select(resource => resource.Key).ShouldBe(projects, ignoreOrder: true);
        foreach (var (name, parameter) in Resources.Where(resource => resource.Value!["type"]!.GetValue<string>() == "parameter.v0"))
        {
            var input = parameter!["inputs"]!["value"]!;
            if (name.Contains("password", StringComparison.Ordinal) || name.Contains("secret", StringComparison.Ordinal))
                input["secret"]!.GetValue<bool>().ShouldBeTrue(name);
            if (input["secret"] is not null)
                input["default"]?["value"].ShouldBeNull(name);
        }
        var orders = Resources["orders"]!["env"]!;
        orders["ConnectionStrings__orders-db"]!.GetValue<string>().ShouldBe("{orders-db.connectionString}");
        Resources["orders-db"]!["connectionString"]!.GetValue<string>().ShouldEndWith("Username=orders;Password={orders-db-password.value};Database=orders");
        orders["services__auth__http__0"]!.GetValue<string>().ShouldBe("{auth.bindings.http.url}");
        orders["HTTP_PORTS"]!.GetValue<string>().ShouldBe("{orders.bindings.http.targetPort}");
        Resources["web"]!["env"]!["Authentication__Issuer"]!.GetValue<string>().ShouldBe("{public-origin.value}");
        Resources["database-setup"]!["env"]!["Setup__Passwords__orders"]!.GetValue<string>().ShouldBe("{orders-db-password.value}");
    }

    [Theory]
    [InlineData("--publisher", "pigeons", "--output-path", "x")]
    [InlineData("--publisher", "manifest")]
    public async Task What_cannot_be_published_is_said_in_one_line(params string[] arguments)
    {
        var (exitCode, output) = await PublishedAppHost.PublishAsync(arguments);
        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
    }

    [Fact]
    public void Braces_of_a_text_are_doubled_and_those_of_values_are_not()
    {
        using var application = new TestApplication();
        var password = application.Builder.AddParameter("password");
        ManifestWriter.Instance.Write(ReferenceExpression.Create($"{{0}} {password} {"{x}"}")).ShouldBe("{{0}} {password.value} {{x}}");
    }

    private bool Resolves(string expression)
    {
        var parts = expression.Split('.');
        var resource = Resources[parts[0]];
        return (parts is [_, "connectionString"] && resource?["connectionString"] is not null)
            || (parts is [_, "value"] && resource?["type"]?.GetValue<string>() == "parameter.v0")
            || (parts is [_, "inputs", _] && resource?["inputs"]?[parts[2]] is not null)
            || (parts is [_, "bindings", _, "scheme" or "protocol" or "transport" or "external" or "host" or "targetPort" or "port" or "url"]
                && resource?["bindings"]?[parts[2]] is not null);
    }

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(member => Strings(member.Value)),
        JsonArray all => all.SelectMany(Strings),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Expression();
}
