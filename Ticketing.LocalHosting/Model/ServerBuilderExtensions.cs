using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting;

/// <summary>
/// Adds the servers. One whose connection string is in configuration (<c>ConnectionStrings:name</c>) is used, not
/// started.
/// </summary>
public static class ServerBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="userName">Must be null: the superuser is <c>postgres</c>.</param>
    /// <param name="password">The superuser's password; null: a generated one.</param>
    /// <param name="port">The port; null: a free one.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddServer(new PostgresServerResource(name, port, builder.PasswordOf(name, userName, password)));

    /// <summary>Adds a Redis server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">The port; null: a free one.</param>
    /// <param name="password">Its password; null: a generated one.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.AddServer(new RedisResource(name, port, builder.PasswordOf(name, null, password)));

    /// <summary>Adds a RabbitMQ broker.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="userName">Must be null: the user is <c>ticketing</c>.</param>
    /// <param name="password">The user's password; null: a generated one.</param>
    /// <param name="port">The port; null: a free one.</param>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddServer(new RabbitMQServerResource(name, port, builder.PasswordOf(name, userName, password)));

    /// <summary>Keeps the server's data when the application ends.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithDataKept(name, isReadOnly);

    /// <inheritdoc cref="WithDataVolume(IResourceBuilder{PostgresServerResource}, string?, bool)"/>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithDataKept(name, isReadOnly);

    /// <inheritdoc cref="WithDataVolume(IResourceBuilder{PostgresServerResource}, string?, bool)"/>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithDataKept(name, isReadOnly);

    /// <summary>
    /// Says that Redis writes to disk. The one that is started here always does, to its append-only file, so that the
    /// arguments are of no matter.
    /// </summary>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
        builder;

    /// <summary>Adds a connection string made of other values.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression)).OrExternal();

    private static IResourceBuilder<T> AddServer<T>(this IDistributedApplicationBuilder builder, T server)
        where T : ServerResource => builder.AddResource(server).OrExternal();

    private static IResourceBuilder<T> OrExternal<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        var application = builder.ApplicationBuilder;
        if (application.ExecutionContext.IsRunMode
            && Settings.ConnectionString(application.Configuration, builder.Resource.Name) is { } connectionString)
            builder.Resource.Annotations.Add(new ExternalConnectionStringAnnotation(connectionString));
        return builder;
    }

    private static IResourceBuilder<T> WithDataKept<T>(this IResourceBuilder<T> builder, string? name, bool isReadOnly)
        where T : ServerResource
    {
        if (name is not null || isReadOnly)
            throw new NotSupportedException("The data lie in the data directory, under the resource's name, and can be written.");
        builder.Resource.Annotations.Add(new DataVolumeAnnotation());
        return builder;
    }

    private static ParameterResource PasswordOf(
        this IDistributedApplicationBuilder builder,
        string server,
        IResourceBuilder<ParameterResource>? userName,
        IResourceBuilder<ParameterResource>? password)
    {
        if (userName is not null)
            throw new NotSupportedException($"The user of \"{server}\" cannot be chosen.");
        password ??= builder.AddParameter($"{server}-password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);
        return password.Resource;
    }
}
