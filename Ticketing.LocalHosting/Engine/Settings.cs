using Microsoft.Extensions.Configuration;

namespace Ticketing.LocalHosting.Engine;

/// <summary>
/// Looks settings up under both spellings of their names: a shell cannot export a variable with a <c>-</c> in it.
/// </summary>
internal static class Settings
{
    public static string? Parameter(IConfiguration configuration, string name) => Get(configuration, "Parameters", name);

    public static string? ConnectionString(IConfiguration configuration, string name) =>
        Get(configuration, "ConnectionStrings", name);

    // An empty variable is an unset one.
    private static string? Get(IConfiguration configuration, string section, string name) =>
        configuration[$"{section}:{name}"] is { Length: > 0 } value ? value
        : configuration[$"{section}:{name.Replace('-', '_')}"] is { Length: > 0 } other ? other
        : null;
}
