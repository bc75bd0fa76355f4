using System.Security.Cryptography;
using System.Text;

namespace Ticketing.AppHost;

/// <summary>
/// Everything that the platform keeps on this machine: the servers' data and the generated secrets. It belongs to one
/// AppHost at a time.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream lockFile;

    private DataDirectory(FileStream lockFile) => this.lockFile = lockFile;

    /// <summary>The present user is root, who starts PostgreSQL as another user, since it refuses to run as root.</summary>
    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>
    /// <c>Parameters:data_dir</c>, or <c>.data</c> beside the projects. Servers that root starts as another user cannot reach
    /// that in a clone under root's home; then it is a directory of <c>/var/lib/ticketing</c>, one for each clone.
    /// </summary>
    public static string PathOf(IDistributedApplicationBuilder builder)
    {
        if (builder.Setting("data-dir", "") is { Length: > 0 } given)
            return Path.GetFullPath(given);

        var clone = Path.GetDirectoryName(builder.AppHostDirectory)!;
        if (!IsRoot || EveryoneCanEnter(clone))
            return Path.Combine(clone, ".data");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clone)))[..8];
        return $"/var/lib/ticketing/{Path.GetFileName(clone)}-{hash}";
    }

    /// <summary>Where a generated secret is kept.</summary>
    public static string SecretPath(string dataDirectory, string name)
    {
        var secrets = Path.Combine(dataDirectory, "secrets");
        Create(secrets);
        return Path.Combine(secrets, name);
    }

    /// <summary>Makes a directory if there is none, for its owner only unless the mode says otherwise (Windows inherits its rights).</summary>
    public static void Create(string path, UnixFileMode mode = OwnerOnly)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else if (!Directory.Exists(path))
            Directory.CreateDirectory(path, mode);
    }

    /// <summary>Makes it if need be, and keeps other AppHosts out until this is disposed of or the process ends, however it ends.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be made or written, or another AppHost uses it.</exception>
    public static DataDirectory Open(string path)
    {
        var pidFile = Path.Combine(path, "apphost.pid");
        try
        {
            // Root's servers run as different users, who must be able to pass through to what is theirs.
            Create(path, IsRoot ? OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : OwnerOnly);
            try
            {
                var lockFile = new FileStream(Path.Combine(path, "apphost.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                File.WriteAllText(pidFile, $"{Environment.ProcessId}");
                return new(lockFile);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException) && File.Exists(pidFile))
            {
                throw new DistributedApplicationException($"""
                    Another AppHost (process {File.ReadAllText(pidFile)}) uses the data directory {path}.
                    Stop it, or give this one a directory and ports of its own:
                        Parameters__data_dir=DIRECTORY Parameters__web_port=NUMBER Parameters__dashboard_port=NUMBER
                    """, exception);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The data directory {path} cannot be used: {exception.Message} Choose another one: Parameters__data_dir=DIRECTORY", exception);
        }
    }

    public void Dispose() => lockFile.Dispose();

    private static bool EveryoneCanEnter(string directory)
    {
        for (var current = new DirectoryInfo(directory); current is not null; current = current.Parent)
        {
            if (!OperatingSystem.IsWindows() && !current.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }
}
