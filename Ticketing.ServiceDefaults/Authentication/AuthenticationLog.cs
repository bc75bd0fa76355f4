using Microsoft.Extensions.Logging;

namespace Ticketing.ServiceDefaults;

internal static partial class AuthenticationLog
{
    [LoggerMessage(LogLevel.Warning,
        "Auth's keys could not be fetched; {Count} known keys stay in use (its address: services__auth__http__0).")]
    public static partial void KeysNotFetched(ILogger logger, int count, Exception failure);

    [LoggerMessage(LogLevel.Debug, "A session was refused: {Why}.")]
    public static partial void SessionRefused(ILogger logger, string? why);

    [LoggerMessage(LogLevel.Warning,
        "A cross-origin {Method} with a session cookie was refused (Origin '{Origin}', Sec-Fetch-Site '{Site}').")]
    public static partial void CrossOriginRefused(ILogger logger, string method, string? origin, string? site);
}
