namespace Ticketing.ServiceDefaults;

/// <summary>A setting is missing or wrong: the service does not start, and says so in one line.</summary>
/// <param name="key">The setting as an environment variable is named, e.g. <c>ConnectionStrings__orders-db</c>.</param>
/// <param name="problem">What is wrong with it; never its value, which may be a secret.</param>
/// <param name="inner">What found it out.</param>
public sealed class SettingException(string key, string problem, Exception? inner = null) : Exception($"{key}: {problem}", inner)
{
    /// <summary>Reads a setting.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="parse">Reads it; what it says about a wrong one could hold parts of a password.</param>
    /// <param name="problem">What is said instead.</param>
    /// <exception cref="SettingException">It is wrong.</exception>
    public static T Parse<T>(string key, string value, Func<string, T> parse, string problem)
    {
        try
        {
            return parse(value);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new SettingException(key, problem, exception);
        }
    }
}
