namespace Ticketing.Web.Services;

internal static class ServiceAnswerExtensions
{
    /// <summary>What was asked for, or null if it is not there or its service is away: for what a page can do without.</summary>
    public static async Task<T?> IfThereAsync<T>(this Task<ServiceAnswer<T>> asked)
        where T : class
    {
        try
        {
            return (await asked).Value;
        }
        catch (ServiceDownException)
        {
            return null;
        }
    }
}
