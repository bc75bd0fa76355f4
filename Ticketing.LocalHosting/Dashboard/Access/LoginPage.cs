using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ticketing.LocalHosting.Dashboard.Access;

/// <summary>The link that the AppHost prints, and the page that asks who comes without it.</summary>
internal static class LoginPage
{
    public static void MapLogin(this IEndpointRouteBuilder app, LoginToken token, int port)
    {
        app.MapGet("/login", (HttpContext context, string? t, string? returnUrl) =>
            t is null ? Ask(returnUrl, refused: false) : SignIn(context, t, returnUrl));
        app.MapPost("/login", async (HttpContext context) =>
        {
            if (!context.Request.HasFormContentType)
                return Results.BadRequest();
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return SignIn(context, form["t"].ToString().Trim(), form["returnUrl"]);
        });

        IResult SignIn(HttpContext context, string given, string? returnUrl)
        {
            if (!token.Admits(given))
                return Ask(returnUrl, refused: true);
            token.SignIn(context.Response, port);
            return Results.LocalRedirect(Here(returnUrl));
        }
    }

    // Only to pages of this very origin: "//elsewhere.example" and "/\elsewhere.example" are other hosts.
    private static string Here(string? returnUrl) =>
        returnUrl is ['/', not ('/' or '\\'), ..] && !returnUrl.Contains('\\', StringComparison.Ordinal) ? returnUrl : "/";

    private static IResult Ask(string? returnUrl, bool refused) => Results.Content(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width">
          <title>Sign in – Ticketing dashboard</title>
          <link rel="icon" href="/assets/icon.svg">
          <link rel="stylesheet" href="/assets/dashboard.css">
        </head>
        <body class="login">
          <main>
            <h1><img src="/assets/icon.svg" alt="" width="32" height="32"> Ticketing dashboard</h1>
            <p>The AppHost printed a link with a token when it started. Open that link, or paste the token here.</p>
            <form method="post" action="/login">
              <label for="t">Token</label>
              <input id="t" name="t" type="password" required autocomplete="off" autofocus{(refused ? " aria-invalid=\"true\" aria-describedby=\"refused\"" : "")}>
              {(refused ? "<p id=\"refused\" class=\"refused\" role=\"alert\">That is not the token of this start.</p>" : "")}
              <input type="hidden" name="returnUrl" value="{HtmlEncoder.Default.Encode(Here(returnUrl))}">
              <button class="primary">Sign in</button>
            </form>
          </main>
        </body>
        </html>
        """,
        "text/html; charset=utf-8",
        statusCode: refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);
}
