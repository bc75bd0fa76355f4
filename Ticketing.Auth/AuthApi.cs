using Ticketing.Auth.Keys;
using Ticketing.Auth.Sessions;
using Ticketing.Auth.Users;

namespace Ticketing.Auth;

internal static class AuthApi
{
    public static void MapAuthApi(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/users").WithTags("Users").AddEndpointFilter(NeverCached);
        users.MapPost("/signup", SignUp.Handle).AllowAnonymous().ProducesProblem(400);
        users.MapPost("/signin", SignIn.Handle).AllowAnonymous().ProducesProblem(400).ProducesProblem(429);
        users.MapPost("/signout", SignOut.Handle).AllowAnonymous().ProducesProblem(403);
        users.MapPost("/refresh", RefreshSession.Handle).AllowAnonymous().ProducesProblem(401).ProducesProblem(403);
        users.MapPost("/password", ChangePassword.Handle).ProducesProblem(400).ProducesProblem(401).ProducesProblem(429);
        users.MapGet("/currentuser", GetCurrentUser.Handle).AllowAnonymous();

        var known = app.MapGroup("/.well-known").WithTags("Keys").AllowAnonymous();
        known.MapGet("/jwks.json", GetJsonWebKeys.Handle);
        known.MapGet("/openid-configuration", GetDiscovery.Handle);
    }

    private static ValueTask<object?> NeverCached(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
