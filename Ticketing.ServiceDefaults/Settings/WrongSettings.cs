using Microsoft.Extensions.Options;

namespace Ticketing.ServiceDefaults;

/// <summary>Tells failures for which a setting is to blame; each is told in a line, not with a stack trace.</summary>
internal static class WrongSettings
{
    /// <summary>A line for each setting that is wrong; null if something else failed.</summary>
    public static IEnumerable<string>? Describe(Exception exception) => exception switch
    {
        SettingException setting => [setting.Message],
        OptionsValidationException options => options.Failures,
        // "Failed to convert configuration value at 'Orders:HoldSeconds' to type 'System.Int32'."
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } value => [value.Message],
        AggregateException several when several.InnerExceptions.All(inner => Describe(inner) is not null) =>
            several.InnerExceptions.SelectMany(inner => Describe(inner)!),
        _ => null,
    };
}
