using System.ComponentModel;
using System.Diagnostics;

namespace Ticketing.LocalHosting.Processes;

/// <summary>
/// A running program in a session of its own: the terminal's Ctrl-C reaches this process only, which then stops its
/// children in order. If this process dies without doing so, the kernel sends every child its stop signal.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private const int LinesKept = 20;

    private readonly ProcessSpec spec;
    private readonly Process process;
    private readonly Queue<string> lastLines = new();

    private ChildProcess(ProcessSpec spec, Process process)
    {
        this.spec = spec;
        this.process = process;
        Identity = ProcessIdentity.Of(process.Id) ?? new(process.Id, 0);
        spec.Ledger?.Add(Identity, spec.Name);
        Exited = WatchAsync();
    }

    public ProcessIdentity Identity { get; }

    /// <summary>Completes with the exit code when the process has ended (128 + n when signal n ended it).</summary>
    public Task<int> Exited { get; }

    /// <summary>The last lines of output, for the message about a failed start.</summary>
    public string LastWords
    {
        get
        {
            lock (lastLines)
                return string.Join(Environment.NewLine, lastLines);
        }
    }

    public static async Task<ChildProcess> StartAsync(ProcessSpec spec)
    {
        // setsid and setpriv exec the program, so that the pid stays the one that is started here.
        var info = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] setpriv = ["setpriv", "--pdeathsig", SignalName(spec.StopSignal), .. UserArguments(spec.User), "--"];
        foreach (var argument in (string[])[.. setpriv, spec.FileName, .. spec.Arguments])
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in spec.Environment)
            info.Environment[name] = value;

        var process = await LauncherThread.RunAsync(() => Launch(spec, info));
        process.StandardInput.Close();
        return new(spec, process);
    }

    /// <summary>Runs a program to its end; throws with its output if it fails.</summary>
    public static async Task RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        using var process = await StartAsync(spec);
        try
        {
            var code = await process.Exited.WaitAsync(cancellationToken);
            if (code != 0)
                throw new LocalHostingException($"{spec.Name} ended with exit code {code}:{Environment.NewLine}{process.LastWords}");
        }
        catch (OperationCanceledException)
        {
            await process.KillAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks the process to end and waits; whatever of it is left after <paramref name="grace"/> is killed.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        var tree = Identity.Tree();
        Identity.Send(spec.StopSignal);
        if (await Task.WhenAny(Exited, Task.Delay(grace)) == Exited)
            await GoneAsync(tree, TimeSpan.FromSeconds(2));
        await KillAsync(tree);
    }

    /// <summary>Kills the process and all below it, and waits until they are gone.</summary>
    public Task KillAsync() => KillAsync(Identity.Tree());

    public void Dispose() => process.Dispose();

    private async Task KillAsync(IReadOnlyList<ProcessIdentity> tree)
    {
        foreach (var process in tree)
            process.Send(Signal.Kill);
        await Exited;
        await GoneAsync(tree, TimeSpan.FromSeconds(10));
    }

    /// <summary>Nobody tells when a grandchild ends, so /proc is asked.</summary>
    private static async Task GoneAsync(IReadOnlyList<ProcessIdentity> tree, TimeSpan atMost)
    {
        var started = Stopwatch.GetTimestamp();
        while (tree.Any(process => process.IsAlive) && Stopwatch.GetElapsedTime(started) < atMost)
            await Task.Delay(20);
    }

    private async Task<int> WatchAsync()
    {
        _ = PumpAsync(process.StandardOutput);
        _ = PumpAsync(process.StandardError);
        await process.WaitForExitAsync();
        spec.Ledger?.Remove(Identity);
        return process.ExitCode;
    }

    private async Task PumpAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (lastLines)
            {
                if (lastLines.Count == LinesKept)
                    lastLines.Dequeue();
                lastLines.Enqueue(line);
            }

            spec.Log(line);
        }
    }

    private static Process Launch(ProcessSpec spec, ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception exception)
        {
            throw new LocalHostingException(
                $"{spec.Name} cannot be started in {spec.WorkingDirectory} by setsid (of the package util-linux): {exception.Message}",
                exception);
        }
    }

    private static string[] UserArguments(string? user) =>
        user is null ? [] : ["--reuid", user, "--regid", user, "--init-groups"];

    private static string SignalName(Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Terminate => "TERM",
        _ => "KILL",
    };
}
