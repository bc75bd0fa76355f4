using Ticketing.LocalHosting.Servers;

namespace Ticketing.AppHost;

internal static class ServiceDatabase
{
    /// <summary>
    /// Adds the connection string <c>NAME-db</c>: a database that belongs to a role of the same name, which can enter no other.
    /// (Aspire's <c>AddDatabase</c> would hand the superuser to every service.) Both are made when the server is ready, before
    /// the services that wait for it start; where the application is published, by a program of its own beside them.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddServiceDatabase(
        this IResourceBuilder<PostgresServerResource> postgres, string name)
    {
        var password = postgres.ApplicationBuilder.AddSecret($"{name}-db-password");

        if (postgres.ApplicationBuilder.ExecutionContext.IsPublishMode)
            DatabaseSetup(postgres).WithEnvironment($"Setup__Passwords__{name}", password);

        postgres.OnResourceReady(async (server, _, cancellationToken) =>
        {
            var superuser = await server.ConnectionStringExpression.GetValueAsync(cancellationToken);
            var secret = await password.Resource.GetValueAsync(cancellationToken);
            await PostgresDatabases.CreateAsync(superuser!, database: name, role: name, secret!, cancellationToken);
        });

        var host = postgres.GetEndpoint("tcp").Property(EndpointProperty.Host);
        var port = postgres.GetEndpoint("tcp").Property(EndpointProperty.Port);
        return postgres.ApplicationBuilder.AddConnectionString($"{name}-db", ReferenceExpression.Create(
            $"Host={host};Port={port};Username={name};Password={password};Database={name}"));
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
            .WithReference(postgres)
            // Where it is deployed, whatever ends is started again.
            .WithEnvironment("Setup__KeepRunning", "true");
    }
}
