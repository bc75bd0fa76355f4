using System.Runtime.InteropServices;
using Ticketing.AppHost.Processes;

namespace Ticketing.Reliability;

/// <summary>The signals that are sent here, by their numbers on Linux.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>What .NET does not offer of the operating system.</summary>
internal static partial class Posix
{
    // A process that ended in the meantime is no error for the callers, so the result is not looked at.
    public static void Kill(int pid, Signal signal) => _ = KillCore(pid, (int)signal);

    /// <summary>Sends a signal, unless the process is gone or the pid belongs to another one by now.</summary>
    public static void Send(this ProcessIdentity process, Signal signal)
    {
        if (process.IsAlive)
            Kill(process.Pid, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCore(int pid, int signal);
}
