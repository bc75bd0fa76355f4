using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Deployment;

/// <summary>The deployment manifest of the real AppHost, as azd asks for it.</summary>
public sealed partial class ManifestTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    private JsonObject Resources => Manifest["resources"]!.AsObject();

    private JsonObject Manifest { get; set; } = [];

    public async ValueTask InitializeAsync() => Manifest = await DeployFolder.ManifestAsync(folder.Path);

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void It_is_valid_by_the_schema_of_manifests()
    {
        var schema = JsonSchema.FromFile(Path.Combine(AppContext.BaseDirectory, "aspire-8.0.schema.json"));
        schema.Errors(Manifest).ShouldBeEmpty();

        // The control: what is wrong is found.
        Resources["web"]!["bindings"]!["http"]!["protocol"] = "carrier pigeon";
        Resources["orders"]!.AsObject().Remove("path");
        var errors = schema.Errors(Manifest);
        errors.ShouldContain(error => error.StartsWith("/resources/web/bindings/http/protocol: ", StringComparison.Ordinal));
        errors.ShouldContain(error => error.StartsWith("/resources/orders: ", StringComparison.Ordinal) && error.Contains("path", StringComparison.Ordinal));
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
                var transport = Text(binding, "transport");
                (transport == "tcp" && binding!["external"] is not null).ShouldBeFalse($"{name}: no external TCP");
                (transport == "tcp" && binding!["targetPort"] is null).ShouldBeFalse($"{name}: tcp needs a target port");
                (binding!["port"]?.GetValue<int>() is not (null or 80 or 443)).ShouldBeFalse($"{name}: the main port is 80 or 443");
            }
            if (Text(resource, "type") == "project.v0")
                File.Exists(Path.GetFullPath(Text(resource, "path"), folder.Path)).ShouldBeTrue(name);
        }
        Resources.Where(resource => resource.Value!["bindings"]?["http"]?["external"] is not null).Select(resource => resource.Key).ShouldBe(["web"]);
        Resources.Select(resource => Text(resource.Value, "type")).Distinct()
            .ShouldBeSubsetOf(["project.v0", "container.v0", "parameter.v0", "value.v0", "annotated.string"], "what azd knows");
    }

    [Fact]
    public void The_whole_platform_is_in_it_without_the_sandbox_and_without_a_secret()
    {
        OfType("project.v0").ShouldBe(["auth", "expiration", "orders", "payments", "tickets", "web"], ignoreOrder: true);
        OfType("container.v0").ShouldBe(["database-setup", "postgres", "rabbitmq", "redis"], ignoreOrder: true);
        foreach (var (name, parameter) in Resources.Where(resource => Text(resource.Value, "type") == "parameter.v0"))
        {
            var input = parameter!["inputs"]!["value"]!;
            if (name.Contains("password", StringComparison.Ordinal) || name.Contains("secret", StringComparison.Ordinal))
                input["secret"]!.GetValue<bool>().ShouldBeTrue(name);
            if (input["secret"] is not null)
                input["default"]?["value"].ShouldBeNull(name);
        }
        // What azd asks for.
        Resources.Where(resource => Text(resource.Value, "type") == "parameter.v0" && resource.Value!["inputs"]!["value"]!["default"] is null)
            .Select(resource => resource.Key).ShouldBe(["public-origin", "stripe-secret-key", "stripe-webhook-secret"], ignoreOrder: true);
    }

    [Fact]
    public void Services_get_their_own_database_and_the_addresses_of_others_once()
    {
        var orders = Resources["orders"]!["env"]!;
        Text(orders, "ConnectionStrings__orders-db").ShouldBe("{orders-db.connectionString}");
        Text(Resources["orders-db"], "connectionString").ShouldEndWith("Username=orders;Password={orders-db-password.value};Database=orders");
        Text(orders, "services__auth__http__0").ShouldBe("{auth.bindings.http.url}");
        Text(orders, "HTTP_PORTS").ShouldBe("{orders.bindings.http.targetPort}");
        Text(Resources["web"]!["env"], "Authentication__Issuer").ShouldBe("{public-origin.value}");

        var names = OfType("project.v0").SelectMany(name => Resources[name]!["env"]!.AsObject().Select(variable => $"{name} {variable.Key}")).ToList();
        names.Where(name => Regex.IsMatch(name, " (RABBITMQ|REDIS|POSTGRES|ORDERS_DB|AUTH_DB)_")).ShouldBeEmpty("the parts of connection strings, once more");
        names.ShouldNotContain("orders ConnectionStrings__orders_db");
    }

    [Fact]
    public void Servers_are_those_that_the_services_were_tested_with_and_keep_their_data()
    {
        var (postgres, redis, rabbitmq) = (Resources["postgres"]!, Resources["redis"]!, Resources["rabbitmq"]!);
        ((JsonNode[])[postgres, redis, rabbitmq]).Select(server => Text(server, "image"))
            .ShouldBe(["docker.io/library/postgres:15", "docker.io/library/redis:7.2", "docker.io/library/rabbitmq:4.2"]);
        ((JsonNode[])[postgres, redis, rabbitmq]).Select(server => $"{Text(server["volumes"]![0], "name")} {Text(server["volumes"]![0], "target")}").ShouldBe(
            ["ticketing-postgres-data /var/lib/postgresql/data", "ticketing-redis-data /data", "ticketing-rabbitmq-data /var/lib/rabbitmq"]);

        Arguments(postgres).ShouldBe(["-c", "max_connections=300"]);
        Text(postgres["env"], "PGDATA").ShouldBe("/var/lib/postgresql/data/pgdata", "in the volume, and not at its root");
        Text(postgres["env"], "POSTGRES_INITDB_ARGS").ShouldContain("--auth-local=scram-sha-256");
        Text(redis, "entrypoint").ShouldBe("/bin/sh");
        Arguments(redis)[1].ShouldBe("exec redis-server - --dir /data --appendonly yes --save '' <<END\nrequirepass $REDIS_PASSWORD\nEND");
        Text(rabbitmq["env"], "RABBITMQ_DEFAULT_USER").ShouldBe("{rabbitmq-user.value}");
        string[] start = [Text(rabbitmq, "entrypoint"), .. Arguments(rabbitmq)];
        start.ShouldBe(["/bin/sh", "/broker/start.sh"], "it imports the policy for quorum queues");
        Path.GetFullPath(Text(rabbitmq["bindMounts"]![0], "source"), folder.Path).ShouldBe(DeployFolder.PathOf("rabbitmq"));
        Text(Resources["rabbitmq-user"]!["inputs"]!["value"]!["default"], "value").ShouldBe("ticketing");
    }

    [Fact]
    public void Databases_are_made_by_the_script_of_the_repository()
    {
        var setup = Resources["database-setup"]!;
        Text(setup, "image").ShouldBe(Text(Resources["postgres"], "image"), "psql of the server's own version");
        string[] command = [Text(setup, "entrypoint"), .. Arguments(setup)];
        command.ShouldBe(["/bin/sh", "/database/setup.sh"]);
        var mount = setup["bindMounts"]![0]!;
        Text(mount, "target").ShouldBe("/database");
        mount["readOnly"]!.GetValue<bool>().ShouldBeTrue();
        Path.GetFullPath(Text(mount, "source"), folder.Path).ShouldBe(DeployFolder.PathOf("database"));
        Text(setup["env"], "PASSWORD_orders").ShouldBe("{orders-db-password.value}");
        Text(setup["env"], "PGUSER").ShouldBe("postgres");
        Text(setup["env"], "KEEP_RUNNING").ShouldBe("true", "azd starts again whatever ends");
    }

    [Fact]
    public async Task With_managed_servers_it_asks_for_their_connection_strings_and_brings_none_along()
    {
        Manifest = await DeployFolder.ManifestAsync(folder.Path, "--Parameters:servers=managed");

        OfType("container.v0").ShouldBeEmpty();
        OfType("project.v0").Count().ShouldBe(6);
        foreach (var name in (string[])["auth-db", "tickets-db", "orders-db", "payments-db", "redis", "rabbitmq"])
        {
            Text(Resources[name], "connectionString").ShouldBe($"{{{name}.value}}");
            Resources[name]!["inputs"]!["value"]!["secret"]!.GetValue<bool>().ShouldBeTrue(name);
        }
        Text(Resources["web"]!["env"], "ConnectionStrings__rabbitmq").ShouldBe("{rabbitmq.connectionString}");
        Every_expression_in_it_leads_to_something();
        Azd_can_deploy_it();
    }

    [Theory]
    [InlineData("--publisher", "pigeons", "--output-path", "x")]
    [InlineData("--publisher", "manifest")]
    public async Task What_cannot_be_published_is_said_in_one_line(params string[] arguments)
    {
        var (exitCode, output) = await DeployFolder.PublishAsync(arguments);
        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
    }

    [Fact]
    public async Task A_failure_to_write_it_is_a_failure_of_the_command()
    {
        var file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        var (exitCode, _) = await DeployFolder.PublishAsync("--publisher", "manifest", "--output-path", Path.Combine(file, "below"));
        exitCode.ShouldBe(1);
    }

    private bool Resolves(string expression)
    {
        var parts = expression.Split('.');
        var resource = Resources[parts[0]];
        return (parts is [_, "connectionString"] && resource?["connectionString"] is not null)
            || (parts is [_, "value"] && resource?["type"]?.GetValue<string>() is "parameter.v0" or "annotated.string")
            || (parts is [_, "inputs", _] && resource?["inputs"]?[parts[2]] is not null)
            || (parts is [_, "bindings", _, "scheme" or "protocol" or "transport" or "external" or "host" or "targetPort" or "port" or "url"]
                && resource?["bindings"]?[parts[2]] is not null);
    }

    private IEnumerable<string> OfType(string type) => Resources.Where(resource => Text(resource.Value, "type") == type).Select(resource => resource.Key);

    private static string Text(JsonNode? node, string member) => node![member]!.GetValue<string>();

    private static List<string> Arguments(JsonNode container) => [.. container["args"]!.AsArray().Select(argument => argument!.GetValue<string>())];

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
