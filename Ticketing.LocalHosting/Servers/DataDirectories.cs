using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Servers;

/// <summary>Directories for data, readable by their owner only.</summary>
internal static class DataDirectories
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the directory if need be, for <paramref name="owner"/> (null: the present user), who must be able to reach
    /// it.
    /// </summary>
    /// <exception cref="LocalHostingException">It cannot be made or used.</exception>
    public static async Task CreateAsync(string path, string? owner, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(path);
            if (owner is null)
                File.SetUnixFileMode(path, OwnerOnly);
            else
                await ChildProcess.RunAsync(new("install", "-d", "-m", "700", "-o", owner, "-g", owner, path), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostingException($"The data directory {path} cannot be used: {exception.Message}", exception);
        }

        if (owner is not null && !await CanReachAsync(path, owner, cancellationToken))
            throw new LocalHostingException($"""
                The data directory {path} cannot be reached by the user "{owner}", as whom this server must run when started by root.
                Let others pass through the directories above it (chmod o+x), or choose another one:
                    Parameters__data_dir=/var/lib/ticketing
                """);
    }

    /// <summary>
    /// Whether a user may enter a directory, which needs the right to pass through all directories above it too.
    /// </summary>
    public static async Task<bool> CanReachAsync(string path, string user, CancellationToken cancellationToken)
    {
        using var test = await ChildProcess.StartAsync(new("test", "-x", path) { User = user });
        return await test.Exited.WaitAsync(cancellationToken) == 0;
    }
}
