using System.Globalization;

namespace Ticketing.AppHost.Processes;

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
