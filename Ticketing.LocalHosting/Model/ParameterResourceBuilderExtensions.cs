using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Servers;

namespace Ticketing.LocalHosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A parameter whose value must be in configuration.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Configured(name), secret));

    /// <summary>A parameter with a fixed value; configuration is not asked (Aspire does not do so either).</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="publishValueAsDefault">Whether the value is written into deployment files.</param>
    /// <param name="secret">Whether it must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        publishValueAsDefault && secret
            ? throw new ArgumentException("A secret is never written into deployment files.", nameof(publishValueAsDefault))
            : builder.AddResource(new ParameterResource(name, _ => value, secret)
            {
                PublishedDefault = publishValueAsDefault ? value : null,
            });

    /// <summary>A parameter with a default for when configuration has no value.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Where the default comes from.</param>
    /// <param name="secret">Whether it must not be shown.</param>
    /// <param name="persist">Whether later runs get the same default (kept in the data directory, mode 600).</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        string ValueOf(ParameterDefault? parameterDefault) =>
            Settings.Parameter(builder.Configuration, name)
            ?? (persist ? Kept(builder, name, parameterDefault!) : parameterDefault!.GetDefaultValue());

        return builder.AddResource(new ParameterResource(name, ValueOf, secret) { Default = value });
    }

    private static string Kept(IDistributedApplicationBuilder builder, string name, ParameterDefault value)
    {
        var data = DataDirectory.PathFor(builder.Configuration, builder.AppHostDirectory);
        return SecretFile.GetOrCreate(DataDirectory.SecretPath(data, name), value.GetDefaultValue);
    }

    private static string Configured(this IDistributedApplicationBuilder builder, string name) =>
        Settings.Parameter(builder.Configuration, name)
        ?? throw new LocalHostingException($"The parameter \"{name}\" has no value: set Parameters__{name.Replace('-', '_')}.");
}
