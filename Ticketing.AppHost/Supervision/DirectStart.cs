using System.Reflection;

namespace Ticketing.AppHost.Supervision;

internal static class DirectStart
{
    /// <summary>How the AppHost and the programs with it were built. Of the AppHost's assembly: where it is hosted by a test, the base directory is that of the test.</summary>
    public static string Configuration { get; } = typeof(DirectStart).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>
    /// Runs the program that was built with the AppHost and in the same way, not <c>dotnet run</c> around it: the process that
    /// the orchestrator watches, stops and whose id it shows is then the service itself (and 70 MB less each).
    /// </summary>
    public static IResourceBuilder<ProjectResource> StartedDirectly(this IResourceBuilder<ProjectResource> project)
    {
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
            return project;
        var path = project.Resource.GetProjectMetadata().ProjectPath;
        var directory = Path.GetDirectoryName(path)!;
        return project.WithAnnotation(new ExecutableAnnotation
        {
            Command = Path.Combine(directory, "bin", Configuration, "net10.0", Path.GetFileNameWithoutExtension(path)),
            WorkingDirectory = directory,
        });
    }
}
