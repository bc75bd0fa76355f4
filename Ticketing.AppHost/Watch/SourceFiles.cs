using System.Xml.Linq;

namespace Ticketing.AppHost.Watch;

/// <summary>Which files a project is built of: those beside it, and those of the projects that it refers to.</summary>
internal static class SourceFiles
{
    private static readonly string[] Extensions = [".cs", ".cshtml", ".resx", ".sql", ".csproj", ".css", ".js"];

    /// <summary>The directories of a project and of all that it refers to.</summary>
    public static IReadOnlySet<string> DirectoriesOf(string project)
    {
        var directories = new HashSet<string>();
        var left = new Stack<string>([Path.GetFullPath(project)]);
        while (left.TryPop(out var next))
        {
            var directory = Path.GetDirectoryName(next)!;
            if (!directories.Add(directory))
                continue;
            foreach (var reference in XDocument.Load(next).Descendants("ProjectReference"))
                left.Push(Path.GetFullPath(reference.Attribute("Include")!.Value.Replace('\\', '/'), directory));
        }
        return directories;
    }

    /// <summary>Whether a change of the file changes what is built.</summary>
    public static bool IsSource(string path) =>
        Extensions.Contains(Path.GetExtension(path)) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal);
}
