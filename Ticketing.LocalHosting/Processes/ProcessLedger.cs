using System.Globalization;

namespace Ticketing.LocalHosting.Processes;

/// <summary>
/// Notes every running child in a file of its own, so that what a killed AppHost left behind is found at the next start.
/// A note is <c>PID</c> → <c>boot-id start-time name</c>: neither another process with the same pid nor one of another boot
/// is ever taken for ours.
/// </summary>
internal sealed class ProcessLedger
{
    private static readonly string BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private readonly string directory;

    public ProcessLedger(string directory) => this.directory = Directory.CreateDirectory(directory).FullName;

    public void Add(ProcessIdentity process, string name) =>
        File.WriteAllText(PathOf(process.Pid), string.Create(CultureInfo.InvariantCulture, $"{BootId} {process.StartTime} {name}"));

    public void Remove(ProcessIdentity process) => File.Delete(PathOf(process.Pid));

    /// <summary>Stops what earlier runs left behind, and returns the names of what was still running.</summary>
    public async Task<IReadOnlyList<string>> StopLeftoversAsync(TimeSpan grace)
    {
        var names = new List<string>();
        var processes = new List<ProcessIdentity>();
        foreach (var file in Directory.GetFiles(directory))
        {
            if (Parse(file) is var (process, name) && process.IsAlive)
            {
                names.Add(name);
                processes.AddRange(process.Tree());
            }

            File.Delete(file);
        }

        foreach (var process in processes)
            process.Send(Signal.Terminate);
        await GoneAsync(processes, grace);
        foreach (var process in processes)
            process.Send(Signal.Kill);
        await GoneAsync(processes, grace);
        return names;
    }

    private static (ProcessIdentity, string)? Parse(string file)
    {
        var words = File.ReadAllText(file).Split(' ', 3);
        return words.Length == 3 && words[0] == BootId
            && int.TryParse(Path.GetFileName(file), CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(words[1], CultureInfo.InvariantCulture, out var startTime)
            ? (new(pid, startTime), words[2])
            : null;
    }

    private static async Task GoneAsync(List<ProcessIdentity> processes, TimeSpan atMost)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (processes.Exists(process => process.IsAlive) && TimeProvider.System.GetElapsedTime(started) < atMost)
            await Task.Delay(20);
    }

    private string PathOf(int pid) => Path.Combine(directory, pid.ToString(CultureInfo.InvariantCulture));
}
