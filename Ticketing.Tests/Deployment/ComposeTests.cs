using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.AppHost.LocalServers;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.Deployment;

/// <summary>The Compose file: what Docker and an attacker would look at.</summary>
public sealed partial class ComposeTests
{
    private readonly YamlMappingNode compose = Yaml.Documents(File.ReadAllText(DeployFolder.PathOf("compose", "compose.yaml"))).Single();

    private IEnumerable<string> Services => compose.Names("services");

    [Fact]
    public void Every_container_is_confined()
    {
        foreach (var name in Services)
        {
            var service = compose.At($"services/{name}")!;
            service.Text("read_only").ShouldBe("true", name);
            service.Texts("cap_drop").ShouldBe(["ALL"], name);
            service.Texts("security_opt").ShouldBe(["no-new-privileges:true"], name);
            service.Text("user").Split(':').ShouldAllBe(id => int.Parse(id) > 0);
        }
        Services.Where(name => compose.At($"services/{name}/ports") is not null).ShouldBe(["web"]);
        compose.Texts("services/database-setup/volumes").ShouldBe(["../database:/database:ro"]);
        compose.Texts("services/rabbitmq/volumes").ShouldBe(["rabbitmq-data:/var/lib/rabbitmq", "../rabbitmq:/broker:ro"]);
        compose.Texts("services/web/ports").ShouldBe(["${WEB_ADDRESS:-127.0.0.1}:${WEB_PORT:-8080}:8080"]);
    }

    [Fact]
    public void A_container_shares_networks_with_those_only_whose_addresses_it_is_given()
    {
        var meant = Services.SelectMany(name => Addressees(name).Select(other => Pair(name, other))).ToHashSet();
        var membersOf = compose.Names("networks").ToDictionary(
            network => network, network => Services.Where(name => compose.Texts($"services/{name}/networks").Contains(network)).ToList());

        membersOf.Values.Where(members => members.Count > 1).Select(members => Pair(members[0], members[1])).ShouldBe(meant, ignoreOrder: true);
        membersOf.Values.ShouldAllBe(members => members.Count <= 2);
        membersOf.Where(network => compose.At($"networks/{network.Key}/internal") is null).SelectMany(network => network.Value)
            .ShouldBe(["payments", "web"], ignoreOrder: true, "Stripe, and people");
        compose.Names("networks").Select(network => compose.Text($"networks/{network}/ipam/config/0/subnet")).ShouldBeUnique();
    }

    [Fact]
    public void A_service_starts_when_its_servers_serve_and_its_database_is_migrated()
    {
        foreach (var name in Services)
        {
            foreach (var other in compose.Names($"services/{name}/depends_on"))
            {
                var condition = compose.Text($"services/{name}/depends_on/{other}/condition");
                if (condition == "service_healthy")
                    compose.At($"services/{other}/healthcheck").ShouldNotBeNull();
                if (other == "rabbitmq")
                    condition.ShouldBe("service_started", "a service sells without the broker");
                if (condition == "service_completed_successfully")
                    compose.Text($"services/{other}/restart").ShouldBe("on-failure");
            }
        }
        compose.Text("services/orders/depends_on/orders-migrations/condition").ShouldBe("service_completed_successfully");
        compose.Text("services/orders/environment/Migrations__AtStart").ShouldBe("false");
        compose.Texts("services/database-setup/entrypoint").ShouldBe(["/bin/sh", "/database/setup.sh"]);
        compose.Texts("services/orders-migrations/command").ShouldBe(["--migrate"]);
        compose.Text("services/orders-migrations/depends_on/database-setup/condition").ShouldBe("service_completed_successfully");
        compose.Text("services/database-setup/depends_on/postgres/condition").ShouldBe("service_healthy");
    }

    [Fact]
    public async Task The_broker_imports_the_user_and_the_limit_of_deliveries_that_the_AppHost_has_too()
    {
        compose.Texts("services/rabbitmq/entrypoint").ShouldBe(["/bin/sh", "/broker/start.sh"]);
        using var folder = new TemporaryFolder();
        // In the place of the image's own script: shows what the broker would be started with.
        var image = Path.Combine(folder.Path, "docker-entrypoint.sh");
        await File.WriteAllTextAsync(image, "#!/bin/sh\necho \"$@\"; cat \"$RABBITMQ_CONFIG_FILE\" /tmp/definitions.json\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(image, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var (exitCode, output) = await DeployFolder.RunAsync("env", $"PATH={folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            "RABBITMQ_DEFAULT_USER=ticketing", "RABBITMQ_DEFAULT_PASS=secret", "/bin/sh", DeployFolder.PathOf("rabbitmq", "start.sh"));

        exitCode.ShouldBe(0, output);
        output.ShouldStartWith("rabbitmq-server\n");
        output.ShouldContain("load_definitions = /tmp/definitions.json\n");
        var definitions = JsonNode.Parse(output[output.IndexOf('{')..])!;
        definitions["users"]![0]!["password"]!.ToString().ShouldBe("secret");
        var policy = definitions["parameters"]![0]!;
        policy["component"]!.ToString().ShouldBe("operator_policy");
        policy["value"]!["definition"]!["delivery-limit"]!.GetValue<int>().ShouldBe(RabbitMQServer.DeliveryLimit);
    }

    [Fact]
    public void Every_variable_of_the_file_is_in_the_template_and_the_other_way_round()
    {
        var known = File.ReadAllLines(DeployFolder.PathOf("compose", ".env.template")).Where(line => line.Contains('=') && !line.StartsWith('#'))
            .Select(line => line.Split('=')[0]).ToHashSet();
        var used = compose.AllTexts().SelectMany(text => Variable().Matches(text.Replace("$$", "", StringComparison.Ordinal)))
            .Select(match => match.Groups[1].Value).ToHashSet();
        used.ShouldBe(known, ignoreOrder: true);
    }

    [Fact]
    public async Task Secrets_are_in_a_file_that_the_script_makes_and_keeps()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])[".env.template", "prepare.sh"])
            File.Copy(DeployFolder.PathOf("compose", name), Path.Combine(folder.Path, name));
        var file = Path.Combine(folder.Path, ".env");
        var script = Path.Combine(folder.Path, "prepare.sh");

        (await DeployFolder.RunAsync(script)).ShouldBe((1, "Fill in: .env:PUBLIC_ORIGIN .env:STRIPE_SECRET_KEY .env:STRIPE_WEBHOOK_SECRET\n"));
        var filled = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .Replace("PUBLIC_ORIGIN=", "PUBLIC_ORIGIN=https://tickets.example", StringComparison.Ordinal)
            .Replace("STRIPE_SECRET_KEY=", "STRIPE_SECRET_KEY=sk_live_a=b", StringComparison.Ordinal)
            .Replace("STRIPE_WEBHOOK_SECRET=", "STRIPE_WEBHOOK_SECRET=whsec_x", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, filled, TestContext.Current.CancellationToken);
        (await DeployFolder.RunAsync(script)).ShouldBe((0, ""));

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(filled);
        (await DeployFolder.RunAsync("stat", "-c", "%a", file)).Output.Trim().ShouldBe("600");
        var secrets = filled.Split('\n').Where(line => line.Contains("_PASSWORD=")).Select(line => line.Split('=')[1]).ToList();
        secrets.Count.ShouldBe(11);
        secrets.ShouldBeUnique();
        secrets.ShouldAllBe(secret => secret.Length == 40);
        File.ReadAllLines(DeployFolder.PathOf("compose", ".gitignore")).ShouldContain(".env");
    }

    /// <summary>The other containers whose names are hosts in a container's environment.</summary>
    private IEnumerable<string> Addressees(string name) =>
        Services.Where(other => other != name && compose.Each($"services/{name}/environment")
            .Any(value => Regex.IsMatch(((YamlScalarNode)value).Value!, $"(^|Host=|//|@){other}([:;]|$)")));

    private static string Pair(string one, string other) => string.Join(" ", ((string[])[one, other]).Order());

    [GeneratedRegex(@"\$\{(\w+)")]
    private static partial Regex Variable();
}
