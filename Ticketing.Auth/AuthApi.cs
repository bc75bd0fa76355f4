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
            .WithName("signOut").WithSummary("Sign out").ProducesProblem(403);
        users.MapPost("/refresh", RefreshSession.HandleAsync).AllowAnonymous()
            .WithName("refreshSession").WithSummary("Renew the session by its refresh cookie").ProducesProblem(401).ProducesProblem(403);
        users.MapGet("/currentuser", GetCurrentUser.Handle).AllowAnonymous()
            .WithName("getCurrentUser").WithSummary("Who am I");
        users.MapPost("/signouteverywhere", SignOutEverywhere.HandleAsync)
            .WithName("signOutEverywhere").WithSummary("End all my sessions");
        users.MapGet("/data", GetUserData.HandleAsync)
            .WithName("getUserData").WithSummary("What is kept about me");

        var passwords = users.MapGroup("").ProducesProblem(429).LimitAttempts()
            .AddEndpointFilter(app.ServiceProvider.GetRequiredService<PasswordTurns>());
        passwords.MapPost("/signup", SignUp.HandleAsync).AllowAnonymous()
            .WithName("signUp").WithSummary("Become a user, and sign in");
        passwords.MapPost("/signin", SignIn.HandleAsync).AllowAnonymous()
            .WithName("signIn").WithSummary("Sign in");
        passwords.MapPost("/password", ChangePassword.HandleAsync)
            .WithName("changePassword").WithSummary("Change my password, and end all other sessions");
        passwords.MapPost("/email", ChangeEmail.HandleAsync)
            .WithName("changeEmail").WithSummary("Change my e-mail address, and end all other sessions");
        passwords.MapPost("/delete", DeleteUser.HandleAsync)
            .WithName("deleteUser").WithSummary("Delete my account");

        var known = app.MapGroup("/.well-known").WithTags("Keys").AllowAnonymous();
        known.MapGet("/jwks.json", GetJsonWebKeys.Handle)
            .WithName("getJsonWebKeys").WithSummary("The keys that verify access tokens");
        known.MapGet("/openid-configuration", GetDiscovery.Handle)
            .WithName("getOpenIdConfiguration").WithSummary("Issuer, address of the keys, algorithm");
    }

    private static ValueTask<object?> NeverCached(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
