using Microsoft.Extensions.Configuration;

namespace Ticketing.ServiceDefaults;

/// <summary>Where the servers are that a service needs.</summary>
public static class ConnectionStrings
{
    /// <summary>Reads a connection string. A shell cannot export a name with a <c>-</c>, so <c>_</c> will do.</summary>
    /// <param name="configuration">The service's.</param>
    /// <param name="name">The key under <c>ConnectionStrings</c>.</param>
    /// <param name="parse">Reads it; what it says about a wrong one is not shown, since that could hold parts of a password.</param>
    /// <exception cref="SettingException">It is missing or wrong.</exception>
    public static T GetConnectionString<T>(this IConfiguration configuration, string name, Func<string, T> parse)
    {
        var key = $"ConnectionStrings__{name}";
        var value = configuration.GetConnectionString(name) is { Length: > 0 } exact ? exact : configuration.GetConnectionString(name.Replace('-', '_'));
        return string.IsNullOrEmpty(value)
            ? throw new SettingException(key, "The connection string is missing.")
            : SettingException.Parse(key, value, parse, "The connection string cannot be understood; docs/configuration.md shows its form.");
    }
}
