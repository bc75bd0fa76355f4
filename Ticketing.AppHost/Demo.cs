namespace Ticketing.AppHost;

internal static class Demo
{
    /// <summary>People who list and buy on the site, with <c>Parameters:demo</c> set to <c>on</c>.</summary>
    public static void WithDemo(this IResourceBuilder<ProjectResource> web)
    {
        var builder = web.ApplicationBuilder;
        if (builder.Setting("demo", "off") == "on")
            builder.AddProgram<Projects.Ticketing_Demo>("demo").WithReference(web).WaitFor(web);
    }
}
