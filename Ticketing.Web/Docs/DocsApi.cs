using System.Globalization;
using System.Security.Cryptography;
using Scalar.AspNetCore;
using Ticketing.ApiDefaults;

namespace Ticketing.Web.Docs;

/// <summary>One page that shows the API's documents, the services' and that of the site's own routes.</summary>
internal static class DocsApi
{
    public static void MapDocs(this IEndpointRouteBuilder app) => app.MapScalarApiReference("/docs", ShowAll).AllowAnonymous().AnswersHead();

    private static void ShowAll(ScalarOptions options)
    {
        var (nonce, language) = (RandomNumberGenerator.GetHexString(32), CultureInfo.CurrentUICulture.Name);
        options
            .WithTitle("API – Ticketing")
            .WithLocalization(new() { Locale = language })
            .AddDocument("auth", "Users and sessions")
            .AddDocument("tickets", "Tickets")
            .AddDocument("orders", "Orders")
            .AddDocument("payments", "Payments")
            .AddDocument("v1", "Waiting room")
            .WithFavicon("/favicon.svg")
            .WithNonce(nonce)
            .AddHeadContent($"<script nonce=\"{nonce}\">document.documentElement.lang = '{language}';</script>")
            // Nothing is fetched from, or sent to, anybody else.
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton();
    }
}
