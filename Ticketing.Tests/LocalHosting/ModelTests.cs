using Shouldly;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Engine;
using Xunit;

namespace Ticketing.Tests.LocalHosting;

public sealed class ModelTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--Parameters:hold-seconds=5")]
    [InlineData("--Parameters:hold_seconds=5")]
    [InlineData("--Parameters__hold_seconds=5")]
    public async Task A_parameter_comes_from_configuration_in_any_spelling(string argument)
    {
        using var application = new TestApplication(argument);
        var parameter = application.Builder.AddParameter("hold-seconds");

        (await parameter.Resource.GetValueAsync(Cancellation)).ShouldBe("5");
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_named_with_the_variable_to_set()
    {
        using var application = new TestApplication();
        var parameter = application.Builder.AddParameter("api-key", secret: true);

        var failure = await Should.ThrowAsync<LocalHostingException>(async () => await parameter.Resource.GetValueAsync(Cancellation));
        failure.Message.ShouldContain("Parameters__api_key");
    }

    [Fact]
    public async Task A_generated_secret_stays_the_same_over_runs_in_a_file_of_mode_600()
    {
        using var application = new TestApplication();
        Task<string?> Value(DistributedApplicationBuilder builder) =>
            builder.AddParameter("orders-db-password", new GenerateParameterDefault { Special = false }, secret: true, persist: true).Resource.GetValueAsync(Cancellation).AsTask();

        var first = await Value(application.Builder);
        var second = await Value(application.NewBuilder());

        first.ShouldNotBeNull().ShouldMatch("^[A-Za-z0-9]{32}$");
        second.ShouldBe(first);
        File.GetUnixFileMode(Path.Combine(application.Data, "secrets", "orders-db-password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task An_expression_is_put_together_from_text_with_braces_parameters_and_endpoints()
    {
        using var application = new TestApplication();
        var postgres = application.Builder.AddPostgres("postgres", port: 21001);
        var password = application.Builder.AddParameter("password", "p{w}");
        Ports.Allocate(application.Model.Resources);

        var expression = ReferenceExpression.Create(
            $"{{x}} Host={postgres.GetEndpoint("tcp").Property(EndpointProperty.Host)};Port={postgres.GetEndpoint("tcp").Property(EndpointProperty.Port)};Password={password};{"a{0}b"}");

        (await expression.GetValueAsync(Cancellation)).ShouldBe("{x} Host=127.0.0.1;Port=21001;Password=p{w};a{0}b");
    }

    [Fact]
    public async Task A_project_gets_the_variables_that_Aspire_would_give_it()
    {
        using var application = new TestApplication("--Parameters:redis_password=secret", "--Parameters:rabbitmq_password=secret");
        var builder = application.Builder;
        var redis = builder.AddRedis("redis", port: 21002);
        var rabbitmq = builder.AddRabbitMQ("rabbitmq", port: 21003);
        var auth = builder.AddProject("auth", "../Auth/Auth.csproj", launchProfileName: null).WithHttpEndpoint(port: 21004).WithReplicas(2);
        var web = builder.AddProject("web-site", "../Web/Web.csproj", launchProfileName: null)
            .WithHttpEndpoint(port: 21005).WithExternalHttpEndpoints()
            .WithReference(redis).WithReference(rabbitmq, connectionName: "broker").WithReference(auth)
            .WithEnvironment("Greeting", "hello").WithEnvironment("Address", auth.GetEndpoint("http"));
        Ports.Allocate(application.Model.Resources);

        var environment = await ProjectEnvironment.CreateAsync(web.Resource, "web-site-2", 0, telemetry: null, Cancellation);

        environment["ConnectionStrings__redis"].ShouldBe("127.0.0.1:21002,password=secret");
        environment["ConnectionStrings__broker"].ShouldBe("amqp://ticketing:secret@127.0.0.1:21003");
        environment["services__auth__http__0"].ShouldBe("http://127.0.0.1:21004");
        environment["services__auth__http__1"].ShouldNotBeNull().ShouldStartWith("http://127.0.0.1:");
        environment["AUTH_HTTP"].ShouldBe("http://127.0.0.1:21004");
        environment["ASPNETCORE_URLS"].ShouldBe("http://localhost:21005");
        environment["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        environment["OTEL_SERVICE_NAME"].ShouldBe("web-site");
        environment["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=web-site-2");
        environment["Greeting"].ShouldBe("hello");
        environment["Address"].ShouldBe("http://127.0.0.1:21004");
    }

    [Fact]
    public async Task A_service_does_not_inherit_the_secrets_of_the_AppHost()
    {
        using var application = new TestApplication();
        var project = application.Builder.AddProject("auth", "../Auth/Auth.csproj", launchProfileName: null);
        Environment.SetEnvironmentVariable("Parameters__stripe_secret_key", "sk_live_x");
        try
        {
            var environment = await ProjectEnvironment.CreateAsync(project.Resource, "auth", 0, telemetry: null, Cancellation);

            environment.ShouldContainKeyAndValue("Parameters__stripe_secret_key", null);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Parameters__stripe_secret_key", null);
        }
    }

    [Fact]
    public async Task A_connection_string_from_configuration_takes_the_place_of_a_server()
    {
        using var application = new TestApplication("--ConnectionStrings:redis=elsewhere:6380,password=x", "--ConnectionStrings:orders_db=Host=db;Database=o");
        var builder = application.Builder;
        var redis = builder.AddRedis("redis");
        var postgres = builder.AddPostgres("postgres");
        var database = builder.AddConnectionString("orders-db", ReferenceExpression.Create($"Port={postgres.GetEndpoint("tcp").Property(EndpointProperty.Port)}"));
        var orders = builder.AddProject("orders", "../Orders/Orders.csproj", launchProfileName: null).WithReference(redis).WithReference(database).WaitFor(postgres);

        var needed = application.Model.Needed();
        Ports.Allocate(needed);

        needed.ShouldNotContain(postgres.Resource);
        var environment = await ProjectEnvironment.CreateAsync(orders.Resource, "orders", 0, telemetry: null, Cancellation);
        environment["ConnectionStrings__redis"].ShouldBe("elsewhere:6380,password=x");
        environment["ConnectionStrings__orders-db"].ShouldBe("Host=db;Database=o");
        redis.Resource.PrimaryEndpoint.Annotation.Allocated.ShouldBe([("elsewhere", 6380)]);
    }

    [Fact]
    public void Two_resources_cannot_have_one_name()
    {
        using var application = new TestApplication();
        application.Builder.AddRedis("redis");

        Should.Throw<InvalidOperationException>(() => application.Builder.AddRabbitMQ("REDIS")).Message.ShouldContain("REDIS");
    }
}
