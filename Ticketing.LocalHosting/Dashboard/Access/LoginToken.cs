using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Ticketing.LocalHosting.Servers;

namespace Ticketing.LocalHosting.Dashboard.Access;

/// <summary>
/// What shows that somebody reads the AppHost's output: a secret of this start. The browser keeps something derived from it,
/// since cookies of <c>localhost</c> reach every port of it and the token itself should not.
/// </summary>
internal sealed class LoginToken
{
    private readonly string session;

    public LoginToken(string? value = null)
    {
        Value = value ?? SecretFile.Generate();
        session = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Value), "dashboard session"u8));
    }

    public string Value { get; }

    /// <summary>Whether this is the token.</summary>
    public bool Admits(string? token) => Secrets.AreEqual(token, Value);

    public bool IsSignedIn(HttpRequest request, int port) => Secrets.AreEqual(request.Cookies[CookieName(port)], session);

    public void SignIn(HttpResponse response, int port) => response.Cookies.Append(CookieName(port), session, new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        IsEssential = true,
    });

    // Dashboards at several ports share one jar of cookies.
    private static string CookieName(int port) => $"ticketing-dashboard-{port}";
}
