using Ticketing.LocalHosting.Servers;

namespace Ticketing.AppHost;

internal static class ServiceDatabase
{
    /// <summary>
    /// Adds the connection string <c>NAME-db</c>: a database that belongs to a role of the same name, which can enter no other.
    /// (Aspire's <c>AddDatabase</c> would hand the superuser to every service.) Both are made when the server is ready, before
    /// the services that wait for it start.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddServiceDatabase(
        this IResourceBuilder<PostgresServerResource> postgres, string name)
    {
        var password = postgres.ApplicationBuilder.AddSecret($"{name}-db-password");

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
}
