using System.Collections.ObjectModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    public DistributedApplicationBuilder(string[] args)
    {
        Configuration = new();
        Configuration.AddEnvironmentVariables();
        Configuration.AddCommandLine([.. args.Select(WithColons)]);
        ExecutionContext = new(isPublishMode: Configuration["publisher"] is not null);
        AppHostDirectory = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value ?? Directory.GetCurrentDirectory();
    }

    public ConfigurationManager Configuration { get; }

    public string AppHostDirectory { get; init; }

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public Collection<IResource> Resources { get; } = [];

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"There are two resources with the name \"{resource.Name}\".");
        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build() => new(new ApplicationModel(Configuration, AppHostDirectory, [.. Resources]));

    // --Parameters__hold_seconds=5 means the same as --Parameters:hold_seconds=5, as in the environment.
    private static string WithColons(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
            return argument;
        var end = argument.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? at : argument.Length;
        return argument[..end].Replace("__", ":", StringComparison.Ordinal) + argument[end..];
    }
}

internal sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource)
    : IResourceBuilder<T>
    where T : IResource;
