using Ticketing.Auth.Keys;
using Ticketing.Auth.RateLimits;
using Ticketing.Auth.Sessions;
using Ticketing.Auth.Users;

namespace Ticketing.Auth;

/// <summary>The routes of this service. Those that sign somebody in or out need no session; those of the account do.</summary>
internal static class AuthApi
{
    public static void MapAuthApi(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/users").WithTags("Users").AddEndpointFilter(NeverCached);
        users.MapPost("/signout", SignOut.HandleAsync).AllowAnonymous()
            .WithSummary("Sign out").ProducesProblem(403);
        users.MapPost("/refresh", RefreshSession.HandleAsync).AllowAnonymous()
            .WithSummary("Renew the session by its refresh cookie").ProducesProblem(401).ProducesProblem(403);
        users.MapGet("/currentuser", GetCurrentUser.Handle).AllowAnonymous().WithSummary("Who am I");
        users.MapPost("/signouteverywhere", SignOutEverywhere.HandleAsync)
            .WithSummary("End all my sessions").ProducesProblem(401).ProducesProblem(403);
        users.MapGet("/data", GetUserData.HandleAsync).WithSummary("What is kept about me").ProducesProblem(401);

        var passwords = users.MapGroup("").LimitAttempts()
            .AddEndpointFilter(app.ServiceProvider.GetRequiredService<PasswordTurns>());
        passwords.MapPost("/signup", SignUp.HandleAsync).AllowAnonymous()
            .WithSummary("Become a user, and sign in").ProducesProblem(400).ProducesProblem(429);
        passwords.MapPost("/signin", SignIn.HandleAsync).AllowAnonymous()
            .WithSummary("Sign in").ProducesProblem(400).ProducesProblem(429);
        passwords.MapPost("/password", ChangePassword.HandleAsync)
            .WithSummary("Change my password, and end all other sessions")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        passwords.MapPost("/email", ChangeEmail.HandleAsync)
            .WithSummary("Change my e-mail address, and end all other sessions")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        passwords.MapPost("/delete", DeleteUser.HandleAsync)
            .WithSummary("Delete my account")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);

        var known = app.MapGroup("/.well-known").WithTags("Keys").AllowAnonymous();
        known.MapGet("/jwks.json", GetJsonWebKeys.Handle).WithSummary("The keys that verify access tokens");
        known.MapGet("/openid-configuration", GetDiscovery.Handle).WithSummary("Issuer, address of the keys, algorithm");
    }

    private static ValueTask<object?> NeverCached(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
