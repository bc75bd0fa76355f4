using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.Sessions;

internal static class SessionsExtensions
{
    public static void AddSessions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RefreshSecret>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RefreshSecret>());
        builder.Services.AddSingleton<SessionCookieJar>();
        builder.Services.AddSingleton<SessionStore>();
        builder.AddJob<DeleteExpiredSessions>(DeleteExpiredSessions.Interval);
    }
}
