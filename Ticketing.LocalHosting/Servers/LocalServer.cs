using System.Diagnostics;
using System.Net.Sockets;
using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Servers;

/// <summary>
/// A private server process on a loopback port, from the machine's own binaries. Not for parallel use of one instance.
/// </summary>
public abstract class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(12);

    private readonly bool temporary;
    private readonly string programs;
    private ChildProcess? process;

    private protected LocalServer(string name, string programs, LocalServerOptions options)
    {
        Name = name;
        Options = options;
        this.programs = programs;
        temporary = options.DataDirectory is null;
        DataDirectory = options.DataDirectory is { } given
            ? Path.GetFullPath(given)
            : Directory.CreateTempSubdirectory($"ticketing-{name}-").FullName;
        Port = options.Port ?? FreePort.Next();
        Password = options.Password ?? "";
    }

    /// <summary><c>postgres</c>, <c>redis</c> or <c>rabbitmq</c>.</summary>
    public string Name { get; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Where the server's data lie.</summary>
    public string DataDirectory { get; }

    /// <summary>The process that serves, or null while none runs.</summary>
    public int? ProcessId => process is { Exited.IsCompleted: false } running ? running.Identity.Pid : null;

    /// <summary>Completes with the exit code when the present process ends.</summary>
    public Task<int> Exited => process?.Exited ?? Task.FromResult(0);

    /// <summary>The superuser's connection string.</summary>
    public abstract string ConnectionString { get; }

    private protected LocalServerOptions Options { get; }

    private protected string Password { get; private set; }

    /// <summary>
    /// Starts the server again after <see cref="StopAsync"/>, <see cref="KillAsync"/> or a crash, on the same port and
    /// data, and waits until it serves.
    /// </summary>
    /// <exception cref="LocalHostingException">The server did not start; the message says why.</exception>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (ProcessId is not null)
            return;

        process?.Dispose();
        process = await ChildProcess.StartAsync(await PrepareAsync(cancellationToken) with
        {
            Name = Name,
            Log = Options.Log ?? (_ => { }),
            Ledger = Options.Ledger,
        });
        try
        {
            await ServesAsync(process, cancellationToken);
        }
        catch (Exception)
        {
            await process.KillAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks the server to end in good order and waits; after <paramref name="grace"/> (12 s) it is killed.
    /// </summary>
    public virtual async Task StopAsync(TimeSpan? grace = null)
    {
        if (process is not null)
            await process.StopAsync(grace ?? StopGrace);
    }

    /// <summary>Kills the server (SIGKILL) and waits until it and its children are gone.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
            await process.KillAsync();
    }

    /// <summary>Stops the server and, if its data are temporary, deletes them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (temporary)
            await KillAsync();
        await StopAsync();
        process?.Dispose();
        if (temporary)
            Directory.Delete(DataDirectory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the server answers.</summary>
    /// <exception cref="LocalHostingException">It answers that it will never serve, e.g. because of a wrong
    /// password.</exception>
    internal async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PingAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Asks the server something small; false or an I/O error means that it is not there (yet).</summary>
    private protected abstract Task<bool> PingAsync(CancellationToken cancellationToken);

    /// <summary>Makes what the first start needs (kept data are left alone) and says what to run.</summary>
    private protected abstract Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken);

    private protected static async Task<TServer> StartAsync<TServer>(
        Func<TServer> create, CancellationToken cancellationToken)
        where TServer : LocalServer
    {
        var server = create();
        try
        {
            await server.OpenDataDirectoryAsync(cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private protected string PathOf(string name) => Path.Combine(DataDirectory, name);

    private async Task OpenDataDirectoryAsync(CancellationToken cancellationToken)
    {
        await DataDirectories.CreateAsync(DataDirectory, ServerUser, cancellationToken);
        if (Options.Password is null)
            Password = SecretFile.GetOrCreate(PathOf("password"), () => SecretFile.Generate());
    }

    /// <summary>The user that the server must run as, when that is not the present one.</summary>
    private protected virtual string? ServerUser => null;

    private async Task ServesAsync(ChildProcess starting, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(cancellationToken))
        {
            if (starting.Exited.IsCompleted)
                throw Failure($"did not start (exit code {await starting.Exited})");
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
                throw Failure($"did not answer on port {Port} within {StartTimeout.TotalSeconds} s");
            await Task.Delay(50, cancellationToken);
        }

        LocalHostingException Failure(string what) =>
            new($"{programs} {what}. Its last lines:{Environment.NewLine}{starting.LastWords}");
    }
}
