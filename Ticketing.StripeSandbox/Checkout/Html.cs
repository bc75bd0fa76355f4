using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary>The frame of the few pages that the sandbox has.</summary>
internal static class Html
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;color:#1a1f36;background:#f6f9fc;margin:0}
        main{max-width:26rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:.75rem;box-shadow:0 2px 12px #0002}
        h1{font-size:1.5rem;margin:0 0 1rem} label{display:block;margin:0 0 1rem;font-weight:600} ul{padding-left:1.2rem}
        input{display:block;box-sizing:border-box;width:100%;padding:.6rem;font:inherit;border:1px solid #8792a2;border-radius:.4rem}
        button{width:100%;padding:.7rem;margin-bottom:.5rem;font:inherit;font-weight:600;color:#fff;background:#5433d9;border:0;border-radius:.4rem;cursor:pointer}
        button.plain{color:#1a1f36;background:#e3e8ee} :focus-visible{outline:3px solid #a39bf0}
        [role=alert]{padding:.6rem;color:#8a0c2b;background:#fde9ee;border-radius:.4rem} small{color:#5c6880}
        """;

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    public static string Text(string text) => HtmlEncoder.Default.Encode(text);

    /// <param name="title">Text that is already encoded.</param>
    /// <param name="body">HTML.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="formLeadsTo">An address outside to which the page's form may lead.</param>
    public static IResult Page(string title, string body, int status = 200, string? formLeadsTo = null) => new WithHeaders(Results.Content($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title} – Stripe sandbox</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        <h1>{title}</h1>
        {body}
        <small>Sandbox: no real money. Cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined, 4000 0025 0000 3155 asks.</small>
        </main>
        </body>
        </html>
        """, "text/html; charset=utf-8", statusCode: status), headers =>
    {
        var shop = formLeadsTo is null ? "" : " " + new Uri(formLeadsTo).GetLeftPart(UriPartial.Authority);
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action 'self'{shop}; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    });

    public static IResult NotFound() => Page("There is nothing here", "<p>This payment page does not exist.</p>", 404);

    /// <summary>A redirect after a POST, to another site too.</summary>
    public static IResult SeeOther(string url) =>
        new WithHeaders(Results.StatusCode(StatusCodes.Status303SeeOther), headers => headers.Location = url);

    private sealed class WithHeaders(IResult result, Action<IHeaderDictionary> set) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            set(httpContext.Response.Headers);
            return result.ExecuteAsync(httpContext);
        }
    }
}
