using Ticketing.LocalHosting.Servers;

namespace Ticketing.AppHost;

internal static class ServiceDatabase
{
    /// <summary>
    /// Gives a service the connection string <c>NAME-db</c>: a database that belongs to a role of the same name, which can enter
    /// no other. (Aspire's <c>AddDatabase</c> would hand the superuser to every service.) Both are made when the server is
    /// ready, before the service starts.
    /// <para>
    /// Where it is published a job makes them. Where there are jobs, a second one migrates the database as its owner, and the
    /// service itself has a role that can change nothing but rows. azd has none: there the service migrates by itself.
    /// </para>
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDatabase(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<PostgresServerResource> postgres)
    {
        var (builder, name) = (service.ApplicationBuilder, service.Resource.Name);
        var password = builder.AddSecret($"{name}-db-password");
        service.WaitFor(postgres);
        if (builder.ExecutionContext.IsPublishMode && builder.Configuration["publisher"] is not "manifest")
            return service.WithMigrationJob(postgres, password);

        if (builder.ExecutionContext.IsPublishMode)
        {
            // azd starts again whatever ends.
            DatabaseSetup(postgres).WithEnvironment($"Setup__Passwords__{name}", password).WithEnvironment("Setup__KeepRunning", "true");
        }
        postgres.OnResourceReady(async (server, _, cancellationToken) =>
        {
            var superuser = await server.ConnectionStringExpression.GetValueAsync(cancellationToken);
            var secret = await password.Resource.GetValueAsync(cancellationToken);
            await PostgresDatabases.CreateAsync(superuser!, database: name, role: name, secret!, cancellationToken);
        });
        return service.WithReference(postgres.Connection($"{name}-db", name, role: name, password));
    }

    private static IResourceBuilder<ProjectResource> WithMigrationJob(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<PostgresServerResource> postgres,
        IResourceBuilder<ParameterResource> password)
    {
        var (builder, name) = (service.ApplicationBuilder, service.Resource.Name);
        var ownerPassword = builder.AddSecret($"{name}-db-owner-password");
        var setup = DatabaseSetup(postgres)
            .WithEnvironment($"Setup__Passwords__{name}", ownerPassword)
            .WithEnvironment($"Setup__RuntimePasswords__{name}", password);
        var migrations = builder.AddProject($"{name}-migrations", service.Resource.GetProjectMetadata().ProjectPath, launchProfileName: null)
            .WithArgs("--migrate")
            .WithReference(postgres.Connection($"{name}-db-owner", name, role: name, ownerPassword), $"{name}-db")
            .WaitForCompletion(setup);
        return service
            .WithReference(postgres.Connection($"{name}-db", name, PostgresDatabases.RuntimeRoleOf(name), password))
            .WithEnvironment("Migrations__AtStart", "false")
            .WaitForCompletion(migrations);
    }

    private static IResourceBuilder<ConnectionStringResource> Connection(
        this IResourceBuilder<PostgresServerResource> postgres,
        string connection,
        string database,
        string role,
        IResourceBuilder<ParameterResource> password)
    {
        var host = postgres.GetEndpoint("tcp").Property(EndpointProperty.Host);
        var port = postgres.GetEndpoint("tcp").Property(EndpointProperty.Port);
        return postgres.ApplicationBuilder.AddConnectionString(connection, ReferenceExpression.Create(
            $"Host={host};Port={port};Username={role};Password={password};Database={database}"));
    }

    /// <summary>The one program that makes all databases of a server.</summary>
    private static IResourceBuilder<ProjectResource> DatabaseSetup(IResourceBuilder<PostgresServerResource> postgres)
    {
        const string name = "database-setup";
        var builder = postgres.ApplicationBuilder;
        if (builder.Resources.OfType<ProjectResource>().FirstOrDefault(project => project.Name == name) is { } present)
            return builder.CreateResourceBuilder(present);
        return builder
            .AddProject(name, "../Ticketing.DatabaseSetup/Ticketing.DatabaseSetup.csproj", launchProfileName: null)
            .WithReference(postgres).WaitFor(postgres);
    }
}
