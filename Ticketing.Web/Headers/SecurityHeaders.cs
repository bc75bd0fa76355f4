using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace Ticketing.Web.Headers;

/// <summary>
/// What every answer tells a browser not to do. Comes before everything else in the pipeline, style sheets and scripts
/// included, and writes when the answer starts, since an error page throws away what was set before.
/// </summary>
internal sealed class SecurityHeaders : IStartupFilter
{
    // A year, in seconds.
    private const string HstsMaxAge = "max-age=31536000";

    private readonly string contentSecurityPolicy;

    public SecurityHeaders(IOptions<SiteOptions> site) => contentSecurityPolicy = string.Join("; ",
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        // The site's own socket included.
        "connect-src 'self'",
        // Pay is a form that leads on to Stripe's page; browsers ask for the whole way that it goes.
        $"form-action 'self' {site.Value.PaymentPages}",
        "frame-ancestors 'none'",
        "base-uri 'none'");

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, pipeline) =>
        {
            context.Response.OnStarting(() =>
            {
                Write(context);
                return Task.CompletedTask;
            });
            return pipeline(context);
        });
        next(app);
    };

    /// <summary>
    /// For the API's page, which Scalar makes: its scripts, and none but them, by the nonce that it gave them. Its styles are
    /// partly attributes of elements, which no nonce can allow.
    /// </summary>
    private static string PolicyOfDocs(string nonce) => string.Join("; ",
        "default-src 'none'",
        $"script-src 'nonce-{nonce}'",
        "style-src 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'");

    private void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce
            ? PolicyOfDocs(nonce)
            : contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        // Not "no-referrer": with it the browser says "Origin: null" of our own forms.
        headers["Referrer-Policy"] = "same-origin";
        // The camera for checking tickets in.
        headers["Permissions-Policy"] = "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = HstsMaxAge;
    }
}
