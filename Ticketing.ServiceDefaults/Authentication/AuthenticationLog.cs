using Microsoft.Extensions.Logging;

namespace Ticketing.ServiceDefaults;

internal static partial class AuthenticationLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Auth's keys could not be fetched; {Count} known keys stay in use (its address: services__auth__http__0).")]
    public static partial void KeysNotFetched(ILogger logger, int count, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A session was refused: {Why}.")]
    public static partial void SessionRefused(ILogger logger, string? why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A cross-origin {Method} with a session cookie was refused (Origin '{Origin}', Sec-Fetch-Site '{Site}').")]
    public static partial void CrossOriginRefused(ILogger logger, string method, string? origin, string? site);
}
