using System.Diagnostics;
using Ticketing.AppHost.Processes;

namespace Ticketing.AppHost.LocalServers;

/// <summary>Directories for a server's data, readable by their owner only.</summary>
internal static class ServerDirectory
{
    /// <summary>How long the orchestrator of an AppHost that was killed takes to end its servers, and then some.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Makes the directory if need be, for <paramref name="owner"/> (null: the present user), who must be able to reach it, and
    /// waits until no process works in it any more: two servers on the same data would ruin them.
    /// </summary>
    /// <exception cref="DistributedApplicationException">It cannot be made or reached, or is still in use.</exception>
    public static async Task OpenAsync(string path, string? owner, CancellationToken cancellationToken)
    {
        DataDirectory.Create(path);
        await IsFreeAsync(path, cancellationToken);
        if (owner is null)
            return;

        await ServerPrograms.RunAsync("chown", [$"{owner}:", path], cancellationToken);
        using var test = Process.Start("setpriv", ["--reuid", owner, "--regid", owner, "--init-groups", "--", "test", "-x", path]);
        await test.WaitForExitAsync(cancellationToken);
        if (test.ExitCode != 0)
            throw new DistributedApplicationException($"""
                The data directory {path} cannot be reached by the user "{owner}", as whom this server must run when started by root.
                Let others pass through the directories above it (chmod o+x), or choose another one:
                    Parameters__data_dir=/var/lib/ticketing
                """);
    }

    /// <summary>Servers have their data directory, or one below it, as their working directory.</summary>
    private static async Task IsFreeAsync(string path, CancellationToken cancellationToken)
    {
        var end = TimeProvider.System.GetUtcNow() + EndPatience;
        while (ProcessIdentity.All().Where(WorksThere).Select(process => (int?)process.Pid).FirstOrDefault() is { } other)
        {
            if (TimeProvider.System.GetUtcNow() > end)
                throw new DistributedApplicationException($"Process {other} still works in {path}: it has to end first.");
            await Task.Delay(PollInterval, cancellationToken);
        }

        bool WorksThere(ProcessIdentity process) =>
            process.WorkingDirectory is { } directory && (directory == path || directory.StartsWith($"{path}/", StringComparison.Ordinal));
    }
}
