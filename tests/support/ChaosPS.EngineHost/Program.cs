using System.Management.Automation;
using System.Management.Automation.Runspaces;

// Runs the script on standard input in PowerShell's engine and writes each record as text; errors go to standard error and give exit code 1.
using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddScript(await Console.In.ReadToEndAsync());
foreach (var record in shell.Invoke()) Console.WriteLine(record);
foreach (var error in shell.Streams.Error) Console.Error.WriteLine($"{error.FullyQualifiedErrorId}: {error}");
return shell.HadErrors ? 1 : 0;
