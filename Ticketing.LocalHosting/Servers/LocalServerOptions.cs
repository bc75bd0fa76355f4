using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Servers;

/// <summary>How a private server is started.</summary>
public record LocalServerOptions
{
    /// <summary>
    /// Where its data and its password lie; null: a temporary directory that goes when the server is disposed of.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>The loopback port; null: a free one. It stays the same when the server is started again.</summary>
    public int? Port { get; init; }

    /// <summary>The superuser's password; null: a generated one, kept in the data directory in a file of mode 600.</summary>
    public string? Password { get; init; }

    /// <summary>For tests: faster, and data may be lost when the machine (not the server) goes down.</summary>
    public bool ThrowAway { get; init; }

    /// <summary>Gets every line that the server logs.</summary>
    public Action<string>? Log { get; init; }

    internal ProcessLedger? Ledger { get; init; }
}

/// <summary>How a private RabbitMQ is started.</summary>
public sealed record RabbitMqOptions : LocalServerOptions
{
    /// <summary>
    /// Whether its HTTP API runs too, which <see cref="RabbitMqServer.AddVirtualHostAsync"/> needs. It costs half a second
    /// of start and some 7 MB.
    /// </summary>
    public bool Management { get; init; }
}
