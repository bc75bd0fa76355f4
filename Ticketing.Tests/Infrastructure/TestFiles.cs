namespace Ticketing.Tests.Infrastructure;

/// <summary>Files of the repository, and the programs that were built with the tests.</summary>
internal static class TestFiles
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A project's program, built with the tests and in the same way: <c>PROJECT/bin/CONFIGURATION/FRAMEWORK/</c>.</summary>
    public static string BuiltProgram(string project) => Path.Combine(
        Root, project, Path.GetRelativePath(Path.Combine(Root, "Ticketing.Tests"), AppContext.BaseDirectory), $"{Path.GetFileName(project)}.dll");

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Ticketing.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests run outside of the solution's directory.");
        return directory;
    }
}
