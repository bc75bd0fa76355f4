using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.LocalHosting.Publishing;

/// <summary>The Compose file of the real AppHost: what Docker and an attacker would look at.</summary>
public sealed partial class ComposeTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("ticketing-compose-").FullName;
    private YamlMappingNode compose = [];

    private IEnumerable<string> Services => compose.Names("services");

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output) = await PublishedAppHost.PublishAsync("--publisher", "docker-compose", "--output-path", folder);
        exitCode.ShouldBe(0, output);
        compose = PublishedAppHost.Documents(await File.ReadAllTextAsync(Path.Combine(folder, "docker-compose.yaml"))).Single();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

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
                if (condition == "service_completed_successfully")
                    compose.Text($"services/{other}/restart").ShouldBe("on-failure");
            }
        }
        compose.Text("services/orders/depends_on/orders-migrations/condition").ShouldBe("service_completed_successfully");
        compose.Text("services/orders/environment/Migrations__AtStart").ShouldBe("false");
        compose.Texts("services/orders-migrations/command").ShouldBe(["--migrate"]);
        compose.Text("services/orders-migrations/depends_on/database-setup/condition").ShouldBe("service_completed_successfully");
        compose.Text("services/database-setup/depends_on/postgres/condition").ShouldBe("service_healthy");
    }

    [Fact]
    public async Task Secrets_are_in_a_file_that_the_script_makes_and_keeps()
    {
        var template = await File.ReadAllTextAsync(Path.Combine(folder, ".env.template"), TestContext.Current.CancellationToken);
        var known = template.Split('\n').Where(line => line.Contains('=') && !line.StartsWith('#')).Select(line => line.Split('=')[0]).ToHashSet();
        var used = compose.AllTexts().SelectMany(text => Variable().Matches(text.Replace("$$", "", StringComparison.Ordinal)))
            .Select(match => match.Groups[1].Value).ToHashSet();
        used.ShouldBe(known, ignoreOrder: true);

        (await PrepareAsync()).ShouldBe((1, "Fill in: .env:PUBLIC_ORIGIN .env:STRIPE_SECRET_KEY .env:STRIPE_WEBHOOK_SECRET"));
        var file = Path.Combine(folder, ".env");
        var filled = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\nPUBLIC_ORIGIN=", "\nPUBLIC_ORIGIN=https://tickets.example", StringComparison.Ordinal)
            .Replace("\nSTRIPE_SECRET_KEY=", "\nSTRIPE_SECRET_KEY=sk_live_a=b", StringComparison.Ordinal).Replace("\nSTRIPE_WEBHOOK_SECRET=", "\nSTRIPE_WEBHOOK_SECRET=whsec_x", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, filled, TestContext.Current.CancellationToken);
        (await PrepareAsync()).ShouldBe((0, ""));

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(filled);
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var secrets = filled.Split('\n').Where(line => line.Contains("_PASSWORD=")).Select(line => line.Split('=')[1]).ToList();
        secrets.Count.ShouldBe(11);
        secrets.ShouldBeUnique();
        secrets.ShouldAllBe(secret => secret.Length == 40);
    }

    private async Task<(int ExitCode, string Output)> PrepareAsync()
    {
        var (exitCode, output) = await PublishedAppHost.RunAsync(Path.Combine(folder, "prepare.sh"));
        return (exitCode, output.Trim());
    }

    /// <summary>The other containers whose names are hosts in a container's environment.</summary>
    private IEnumerable<string> Addressees(string name) =>
        Services.Where(other => other != name && compose.Each($"services/{name}/environment")
            .Any(value => Regex.IsMatch(((YamlScalarNode)value).Value!, $"(^|Host=|//|@){other}[:;]")));

    private static string Pair(string one, string other) => string.Join(" ", ((string[])[one, other]).Order());

    [GeneratedRegex(@"\$\{(\w+)")]
    private static partial Regex Variable();
}
