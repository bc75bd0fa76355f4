using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.Tests.LocalHosting;

/// <summary>Describes applications as an AppHost does, with a data directory that goes afterwards.</summary>
internal sealed class TestApplication : IDisposable
{
    private readonly string[] args;

    public TestApplication(params string[] args)
    {
        this.args = [$"--Parameters:data_dir={Data}", .. args];
        Builder = NewBuilder();
    }

    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Not there yet: the engine makes it so that the servers' users can pass through.</summary>
    public string Data { get; } = Path.Combine(Path.GetTempPath(), $"ticketing-test-{Guid.NewGuid():N}");

    public DistributedApplicationBuilder Builder { get; }

    public ApplicationModel Model => new(Builder.Configuration, Builder.AppHostDirectory, [.. Builder.Resources]);

    /// <summary>The same as a later run sees it.</summary>
    public DistributedApplicationBuilder NewBuilder() => new(args) { AppHostDirectory = Path.Combine(Root, "Ticketing.AppHost") };

    /// <summary>A project's program, built with the tests and in the same way: <c>PROJECT/bin/CONFIGURATION/FRAMEWORK/</c>.</summary>
    public static string BuiltProgram(string project) => Path.Combine(
        Root, project, Path.GetRelativePath(Path.Combine(Root, "Ticketing.Tests"), AppContext.BaseDirectory), $"{project}.dll");

    public void Dispose()
    {
        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
    }

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Ticketing.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests run outside of the solution's directory.");
        return directory;
    }
}
