namespace Ticketing.LocalHosting;

/// <summary>A server that the engine starts, reached at one endpoint.</summary>
public abstract class ServerResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints
{
    private protected ServerResource(
        string name, string endpointName, string uriScheme, int? port, ParameterResource password)
        : base(name)
    {
        PasswordParameter = password;
        PrimaryEndpoint = new(this, endpointName);
        Annotations.Add(new EndpointAnnotation(endpointName, uriScheme, port));
    }

    /// <summary>The endpoint that clients use.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The password of the server's first user.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => this.ExternalConnectionString() ?? OwnConnectionString;

    private protected abstract ReferenceExpression OwnConnectionString { get; }
}

/// <summary>PostgreSQL.</summary>
public sealed class PostgresServerResource : ServerResource
{
    internal PostgresServerResource(string name, int? port, ParameterResource password)
        : base(name, "tcp", "tcp", port, password)
    {
    }

    private protected override ReferenceExpression OwnConnectionString
    {
        get
        {
            var (host, port) = (PrimaryEndpoint.Property(EndpointProperty.Host), PrimaryEndpoint.Property(EndpointProperty.Port));
            return ReferenceExpression.Create($"Host={host};Port={port};Username=postgres;Password={PasswordParameter}");
        }
    }
}

/// <summary>Redis.</summary>
public sealed class RedisResource : ServerResource
{
    internal RedisResource(string name, int? port, ParameterResource password)
        : base(name, "tcp", "tcp", port, password)
    {
    }

    private protected override ReferenceExpression OwnConnectionString => ReferenceExpression.Create(
        $"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter}");
}

/// <summary>RabbitMQ.</summary>
public sealed class RabbitMQServerResource : ServerResource
{
    internal RabbitMQServerResource(string name, int? port, ParameterResource password)
        : base(name, "tcp", "amqp", port, password)
    {
    }

    private protected override ReferenceExpression OwnConnectionString => ReferenceExpression.Create(
        $"amqp://{Servers.RabbitMqServer.User}:{PasswordParameter}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
}
