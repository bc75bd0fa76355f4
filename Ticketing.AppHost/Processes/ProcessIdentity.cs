using System.Globalization;

namespace Ticketing.AppHost.Processes;

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
                return File.ReadAllText($"{Directory}/cmdline").Split('\0');
            }
            catch (IOException)
            {
                return [];
            }
        }
    }

    /// <summary>Its working directory; null if it has ended or is somebody else's.</summary>
    public string? WorkingDirectory
    {
        get
        {
            try
            {
                return new FileInfo($"{Directory}/cwd").LinkTarget;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>The name of its program, as it calls itself: PostgreSQL's and Redis's write what they do after it.</summary>
    public string Program => Path.GetFileName(CommandLine.FirstOrDefault("").Split(' ')[0]).TrimEnd(':');

    private string Directory => $"/proc/{Pid.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The process that has this pid now, or null.</summary>
    public static ProcessIdentity? Of(int pid) => ProcStat.Read(pid) is { } stat ? new(pid, stat.StartTime) : null;

    /// <summary>Every process of this machine.</summary>
    public static IEnumerable<ProcessIdentity> All() => ProcStat.All().Select(stat => new ProcessIdentity(stat.Pid, stat.StartTime));

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
