namespace ChaosPS.Azure;

/// <summary>The role that changing the machines' power takes: docs/azure-permissions.md defines it.</summary>
internal static class AzureRole
{
    /// <summary>Its name.</summary>
    public const string Operator = "ChaosPS Operator";

    /// <summary>The command that gives it to somebody, and what there is without it.</summary>
    /// <param name="principal">The object id of who is to have it.</param>
    /// <param name="scope">Where it is to count: the node resource group.</param>
    public static string Assign(string principal, string scope) =>
        $"az role assignment create --assignee {principal} --role \"{Operator}\" --scope {scope}. docs/azure-permissions.md has the role; where no roles may be made, "
        + "the built-in \"Virtual Machine Contributor\" does, which may more. A new assignment takes some minutes to count.";
}
