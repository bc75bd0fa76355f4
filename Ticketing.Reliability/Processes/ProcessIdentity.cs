using System.Globalization;

namespace Ticketing.Reliability;

/// <summary>
/// One process, and no other that later gets the same number: the kernel's pid together with the time at which the
/// process started (clock ticks since boot, field 22 of <c>/proc/PID/stat</c>).
/// </summary>
internal readonly record struct ProcessIdentity(int Pid, long StartTime)
{
    /// <summary>Whether this very process still runs; one that has ended but was not waited for does not.</summary>
    public bool IsAlive => ProcStat.Read(Pid) is { } stat && stat.StartTime == StartTime && stat.State is not ('Z' or 'X');

    /// <summary>The words of its command line; none if it has ended.</summary>
    public string[] CommandLine
    {
        get
        {
            try
            {
                return File.ReadAllText($"/proc/{Pid.ToString(CultureInfo.InvariantCulture)}/cmdline").Split('\0');
            }
            catch (IOException)
            {
                return [];
            }
        }
    }

    /// <summary>The name of its program, as it calls itself: PostgreSQL's and Redis's write what they do after it.</summary>
    public string Program => Path.GetFileName(CommandLine.FirstOrDefault("").Split(' ')[0]).TrimEnd(':');

    /// <summary>The process that has this pid now, or null.</summary>
    public static ProcessIdentity? Of(int pid) => ProcStat.Read(pid) is { } stat ? new(pid, stat.StartTime) : null;

    /// <summary>Sends a signal, unless the process is gone or the pid belongs to another one by now.</summary>
    public void Send(Signal signal)
    {
        if (IsAlive)
            Posix.Kill(Pid, signal);
    }

    /// <summary>This process and everything below it, parents first.</summary>
    public IReadOnlyList<ProcessIdentity> Tree()
    {
        var children = ProcStat.All().ToLookup(stat => stat.ParentPid);
        var tree = new List<ProcessIdentity> { this };
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(children[tree[i].Pid].Select(child => new ProcessIdentity(child.Pid, child.StartTime)));
        return tree;
    }
}

/// <summary>The fields of <c>/proc/PID/stat</c> that are of use here (see proc(5)).</summary>
/// <param name="ProcessorTicks">The processor's time that it and its children which have ended have used, in hundredths of a second.</param>
internal readonly record struct ProcStat(int Pid, char State, int ParentPid, long ProcessorTicks, long StartTime)
{
    public static ProcStat? Read(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        }
        catch (IOException)
        {
            return null;
        }

        // "1234 (name, which may hold spaces and parentheses) S 1 …": the third field follows the last parenthesis.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
        var ticks = fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        var startTime = long.Parse(fields[19], CultureInfo.InvariantCulture);
        return new(pid, fields[0][0], parent, ticks, startTime);
    }

    public static IEnumerable<ProcStat> All()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } stat)
                yield return stat;
        }
    }
}
