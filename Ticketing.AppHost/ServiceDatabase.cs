using Ticketing.AppHost.LocalServers;

namespace Ticketing.AppHost;

internal static class ServiceDatabase
{
    private const string SetupName = "database-setup";

    /// <summary>
    /// Gives a service the connection string <c>NAME-db</c>: a database that belongs to a role of the same name, which can enter
    /// no other. (Aspire's <c>AddDatabase</c> would hand the superuser to every service.) One small step, the script in
    /// <c>deploy/database</c>, makes the databases of all services before they start.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDatabase(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<PostgresServerResource> postgres)
    {
        var (builder, name) = (service.ApplicationBuilder, service.Resource.Name);
        // A shell silently drops variables whose names it could not write, such as PASSWORD_gift-cards.
        if (!name.All(char.IsAsciiLetterLower))
            throw new DistributedApplicationException($"{name}: a service with a database has a name of the letters a to z.");
        if (builder.OwnConnectionString($"{name}-db") is { } own)
            return service.WithConnectionString(own);

        var password = builder.AddSecret($"{name}-db-password");
        var superuser = postgres.SuperuserEnvironment();
        var database = builder.AddConnectionString($"{name}-db", ReferenceExpression.Create(
            $"Host={superuser["PGHOST"]};Port={superuser["PGPORT"]};Username={name};Password={password};Database={name}"))
            .WithParentRelationship(postgres);
        var setup = Setup(postgres).WithEnvironment($"PASSWORD_{name}", password);
        return service.WithConnectionString(database).WaitForSetup(setup);
    }

    /// <summary>
    /// Aspire's <c>WithReference</c>, but once: that one adds the same secret under a second name, with <c>_</c> for each <c>-</c>.
    /// </summary>
    private static IResourceBuilder<ProjectResource> WithConnectionString(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString> database) =>
        service.WithEnvironment($"ConnectionStrings__{database.Resource.Name}", database).WithReferenceRelationship(database);

    /// <summary>Where it is published, nothing can be waited for: a service tries until its database is there.</summary>
    private static IResourceBuilder<ProjectResource> WaitForSetup(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithEnvironment> setup) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode ? service : service.WaitForCompletion(setup);

    /// <summary>The one resource that makes all databases of a server: where the servers are containers, one of the server's image.</summary>
    private static IResourceBuilder<IResourceWithEnvironment> Setup(IResourceBuilder<PostgresServerResource> postgres)
    {
        var builder = postgres.ApplicationBuilder;
        if (builder.Resources.FirstOrDefault(resource => resource.Name == SetupName) is IResourceWithEnvironment present)
            return builder.CreateResourceBuilder(present);

        var scripts = Path.GetFullPath("../deploy/database", builder.AppHostDirectory);
        if (!builder.UsesContainers())
            return builder.AddExecutable(SetupName, "/bin/sh", scripts, "setup.sh").WithSuperuser(postgres).WithParentRelationship(postgres);
        var container = builder.AddContainer(SetupName, "docker.io/library/postgres", PostgresServer.ImageTag)
            .WithEntrypoint("/bin/sh").WithArgs("/database/setup.sh")
            .WithBindMount(scripts, "/database", isReadOnly: true)
            .WithSuperuser(postgres)
            .WithParentRelationship(postgres);
        // azd starts again whatever ends.
        return builder.ExecutionContext.IsPublishMode ? container.WithEnvironment("KEEP_RUNNING", "true") : container;
    }

    private static IResourceBuilder<T> WithSuperuser<T>(this IResourceBuilder<T> setup, IResourceBuilder<PostgresServerResource> postgres)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        foreach (var (variable, value) in postgres.SuperuserEnvironment())
            setup.WithEnvironment(variable, value);
        return setup.WaitFor(postgres);
    }
}
