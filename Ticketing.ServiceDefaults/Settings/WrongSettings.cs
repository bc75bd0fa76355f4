using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ticketing.ServiceDefaults;

/// <summary>Ends a service whose settings are wrong with a line for each of them and exit code 1, not with a stack trace.</summary>
internal static class WrongSettings
{
    private static int prepared;

    /// <summary>To be called before the first setting is read.</summary>
    public static void EndTheProcess()
    {
        if (Interlocked.Exchange(ref prepared, 1) == 1)
            return;
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (Describe(unhandled.ExceptionObject) is not { } lines)
                return;
            Console.Error.WriteLine($"Not started, since settings are wrong:{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", lines)}");
            Environment.Exit(1);
        };
    }

    /// <summary>
    /// Checks all options that are to be checked at the start. The host does the same, but logs each failure with where in the
    /// program it was found.
    /// </summary>
    /// <exception cref="OptionsValidationException">One or more settings are wrong.</exception>
    public static void Find(IServiceProvider services) => services.GetService<IStartupValidator>()?.Validate();

    private static IEnumerable<string>? Describe(object exception) => exception switch
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
