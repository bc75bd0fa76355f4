using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Shouldly;
using Ticketing.AppHost;
using Ticketing.AppHost.LocalServers;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

public sealed class SettingsTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("ticketing-settings-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Theory]
    [InlineData("--Parameters:hold-seconds=5")]
    [InlineData("--Parameters:hold_seconds=5")]
    public async Task A_parameter_comes_from_configuration_in_either_spelling(string argument) =>
        (await Builder(argument).AddSetting("hold-seconds", "60").Resource.GetValueAsync(Cancellation)).ShouldBe("5");

    [Fact]
    public async Task A_generated_secret_stays_the_same_over_runs_in_a_file_that_only_its_owner_can_read()
    {
        var first = await Builder().AddSecret("orders-db-password").Resource.GetValueAsync(Cancellation);
        var second = await Builder().AddSecret("orders-db-password").Resource.GetValueAsync(Cancellation);

        first.ShouldNotBeNull().ShouldMatch("^[A-Za-z0-9]{32}$");
        second.ShouldBe(first);
        File.GetUnixFileMode(Path.Combine(data, "secrets", "orders-db-password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await Builder("--Parameters:orders_db_password=mine").AddSecret("orders-db-password").Resource.GetValueAsync(Cancellation)).ShouldBe("mine");
    }

    [Fact]
    public async Task A_connection_string_from_configuration_takes_the_place_of_a_server()
    {
        var builder = Builder(
            "--ConnectionStrings:redis=elsewhere:6380,password=x", "--ConnectionStrings:rabbitmq=amqp://me:it@elsewhere:5673",
            "--ConnectionStrings:postgres=Host=db;Port=5433;Username=admin;Password=a b'c");

        (await ConnectionStringAsync(builder.AddRedisServer("redis"))).ShouldBe("elsewhere:6380,password=x");
        (await ConnectionStringAsync(builder.AddRabbitMQServer("rabbitmq"))).ShouldBe("amqp://me:it@elsewhere:5673");
        var postgres = builder.AddPostgresServer("postgres");
        (await ConnectionStringAsync(postgres)).ShouldBe("Host=db;Port=5433;Username=admin;Password=a b'c");
        var superuser = new Dictionary<string, string?>();
        foreach (var (variable, value) in postgres.SuperuserEnvironment())
            superuser[variable] = await value.GetValueAsync(Cancellation);
        superuser.ShouldBe(
            new Dictionary<string, string?> { ["PGHOST"] = "db", ["PGPORT"] = "5433", ["PGUSER"] = "admin", ["PGPASSWORD"] = "a b'c" }, ignoreOrder: true);
        builder.Resources.ShouldNotContain(resource => resource is LocalServerResource || resource is ContainerResource);
    }

    [Fact]
    public void Containers_are_used_where_the_setting_says_so_and_always_when_published()
    {
        var here = Builder("--Parameters:servers=containers");
        here.AddPostgresServer("postgres");
        here.Resources.OfType<PostgresServerResource>().ShouldHaveSingleItem();

        var published = Builder("--Parameters:servers=binaries", "--publisher", "manifest", "--output-path", data);
        published.AddPostgresServer("postgres");
        published.Resources.OfType<PostgresServerResource>().ShouldHaveSingleItem();

        var local = Builder("--Parameters:servers=binaries");
        local.AddPostgresServer("postgres");
        local.Resources.OfType<LocalServerResource>().ShouldHaveSingleItem();
    }

    [Fact]
    public void What_is_not_installed_is_one_message_with_the_command_that_installs_it()
    {
        var cluster = Directory.CreateDirectory(Path.Combine(data, "postgres", "data")).FullName;
        File.WriteAllText(Path.Combine(cluster, "PG_VERSION"), "9\n");
        var programs = new ServerPrograms();
        programs.ThrowIfMissing();

        programs.Postgres(cluster);

        Should.Throw<DistributedApplicationException>(programs.ThrowIfMissing).Message.ShouldContain("apt-get install --no-install-recommends postgresql-9");
    }

    private static async Task<string?> ConnectionStringAsync(IResourceBuilder<IResourceWithConnectionString> server) =>
        await server.Resource.GetConnectionStringAsync(Cancellation);

    private IDistributedApplicationBuilder Builder(params string[] arguments) =>
        AppHostBuilder.Create([$"--Parameters:data_dir={data}", .. arguments]);
}
