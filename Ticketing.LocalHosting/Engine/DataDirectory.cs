using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Engine;

/// <summary>
/// Everything that an application keeps: the servers' data, secrets, and notes about running processes. It belongs to one
/// AppHost at a time.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream lockFile;

    private DataDirectory(string path, FileStream lockFile)
    {
        Path = path;
        this.lockFile = lockFile;
        Ledger = new(PathOf("processes"));
    }

    public string Path { get; }

    public ProcessLedger Ledger { get; }

    /// <summary>
    /// <c>Parameters:data_dir</c>, or <c>.data</c> beside the projects. Servers that root starts as another user cannot reach
    /// that in a clone under root's home; then it is a directory of <c>/var/lib/ticketing</c>, one for each clone.
    /// </summary>
    public static string PathFor(IConfiguration configuration, string appHostDirectory)
    {
        if (Settings.Parameter(configuration, "data-dir") is { } given)
            return System.IO.Path.GetFullPath(given);

        var clone = System.IO.Path.GetDirectoryName(appHostDirectory)!;
        if (!Posix.IsRoot || EveryoneCanEnter(clone))
            return System.IO.Path.Combine(clone, ".data");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clone)))[..8];
        return $"/var/lib/ticketing/{System.IO.Path.GetFileName(clone)}-{hash}";
    }

    /// <exception cref="LocalHostingException">It cannot be made or written, or another AppHost uses it.</exception>
    public static DataDirectory Open(string path)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                // Root's servers run as different users, who must be able to pass through to what is theirs.
                const UnixFileMode passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
                Directory.CreateDirectory(path, Posix.IsRoot ? passable : OwnerOnly);
            }

            return new(path, Lock(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostingException(
                $"The data directory {path} cannot be used: {exception.Message} Choose another one: Parameters__data_dir=DIRECTORY", exception);
        }
    }

    /// <summary>Where a generated secret is kept.</summary>
    public static string SecretPath(string path, string name) =>
        System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(path, "secrets"), OwnerOnly).FullName, name);

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => lockFile.Dispose();

    private static FileStream Lock(string path)
    {
        var pidFile = System.IO.Path.Combine(path, "apphost.pid");
        try
        {
            // The kernel gives the lock up when the process ends, however it ends.
            var lockPath = System.IO.Path.Combine(path, "apphost.lock");
            var lockFile = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pidFile, $"{Environment.ProcessId}");
            return lockFile;
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException) && File.Exists(pidFile))
        {
            throw new LocalHostingException($"""
                Another AppHost (process {File.ReadAllText(pidFile)}) uses the data directory {path}.
                Stop it, or give this one a directory and ports of its own:
                    Parameters__data_dir=DIRECTORY Parameters__web_port=NUMBER Parameters__dashboard_port=NUMBER
                """, exception);
        }
    }

    private static bool EveryoneCanEnter(string directory)
    {
        for (var current = new DirectoryInfo(directory); current is not null; current = current.Parent)
        {
            if (!current.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }
}
