namespace Ticketing.Web.Sessions;

internal static class SessionsExtensions
{
    public static IHostApplicationBuilder AddSessionRenewal(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RefreshExchange>();
        return builder;
    }

    /// <summary>Comes before authentication, which then sees the new session.</summary>
    public static IApplicationBuilder UseSessionRenewal(this IApplicationBuilder app) => app.UseMiddleware<SessionRenewal>();
}
