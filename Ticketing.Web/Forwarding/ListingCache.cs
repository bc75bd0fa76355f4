using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// What Tickets says about listings to somebody who is not signed in is kept for a moment: while a crowd looks at the
/// same listing, Tickets is asked a few times a second, whatever the crowd's size, and once by those who come together.
/// </summary>
/// <remarks>
/// The age is the promise, and no event that comes late or never can break it. What is written through this replica is
/// read at once, through another one when its event is here; and who is signed in is never shown anything old.
/// </remarks>
internal static class ListingCache
{
    public const string Policy = "listings";

    private const long Room = 32 * 1024 * 1024;
    private const long LargestAnswer = 256 * 1024;

    public static void AddListingCache(this IServiceCollection services)
    {
        services.AddOutputCache(options => (options.SizeLimit, options.MaximumBodySize) = (Room, LargestAnswer));
        services.AddOptions<OutputCacheOptions>().Configure<IOptions<ForwardingOptions>>((options, forwarding) =>
            KeepFor(options, forwarding.Value.ListingAge));
    }

    internal static void KeepFor(OutputCacheOptions options, TimeSpan age) => options.AddPolicy(Policy, policy =>
    {
        if (age > TimeSpan.Zero)
            policy.Expire(age).Tag(Policy);
        else
            policy.NoCache();
    });

    /// <summary>After a change the next reader sees it: what is kept is forgotten before the change is confirmed.</summary>
    public static void AddTransforms(TransformBuilderContext route)
    {
        if (route.Route.OutputCachePolicy != Policy)
            return;
        var store = route.Services.GetRequiredService<IOutputCacheStore>();
        route.AddResponseTransform(context =>
        {
            var method = context.HttpContext.Request.Method;
            return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? ValueTask.CompletedTask : store.EvictByTagAsync(Policy, CancellationToken.None);
        });
    }

    /// <summary>Forgets all that is kept: the next reader of anything asks Tickets.</summary>
    public static Task ForgetAsync(IOutputCacheStore store, CancellationToken cancellationToken) =>
        store.EvictByTagAsync(Policy, cancellationToken).AsTask();
}
