process.stdout.write("kubesim\n");
