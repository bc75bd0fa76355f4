using System.Collections.ObjectModel;
using Microsoft.Extensions.Configuration;

namespace Ticketing.LocalHosting;

/// <summary>Where the application is described.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Settings from the environment and the command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The directory of the AppHost's project; project paths are relative to it.</summary>
    string AppHostDirectory { get; }

    /// <summary>What the application is built for.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>All resources.</summary>
    Collection<IResource> Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="InvalidOperationException">There is one of this name.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Goes on describing a resource that was added before.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>The application, ready to run.</summary>
    DistributedApplication Build();
}

/// <summary>A resource that is being described.</summary>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The application that it is part of.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }
}

/// <summary>What an application is built for: to run here, or to be published elsewhere.</summary>
public sealed class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(bool isPublishMode) => IsPublishMode = isPublishMode;

    /// <summary>Deployment files are made.</summary>
    public bool IsPublishMode { get; }

    /// <summary>The application runs on this machine.</summary>
    public bool IsRunMode => !IsPublishMode;
}
