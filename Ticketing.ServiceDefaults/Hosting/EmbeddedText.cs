using System.Reflection;

namespace Ticketing.ServiceDefaults;

/// <summary>Scripts for PostgreSQL and Redis that are built into a service.</summary>
public static class EmbeddedText
{
    /// <summary>Reads one whole.</summary>
    /// <param name="assembly">The service's assembly.</param>
    /// <param name="resource">Its name there, which must exist.</param>
    public static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
